import type { FoldKind } from "@tenon/plan";
import { maxFold, minFold, sumFold, type FoldOf } from "../kernels/reduce/fold.js";
import { prodFold } from "../kernels/reduce/prodFold.js";

/** For tests: the fold of each kind. */
export const folds: Readonly<Record<FoldKind, FoldOf>> = {
  sum: sumFold,
  max: maxFold,
  min: minFold,
  prod: prodFold,
};
