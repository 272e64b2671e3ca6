import { checksFirst, undoableSteps } from "@tenon/plan";
import type { Adds } from "../lower/backendOf.js";
import { unlessCalm } from "../lower/unlessCalm.js";
import type { WasmPart } from "./part.js";

/**
 * New parameters and slots are written over the old ones and checked as they are written; where one
 * is not finite, the old ones are put back. Without it all are checked before any is replaced: with
 * the same values, but small networks take up to a sixth longer. 2.6 KB gzipped.
 */
export const inPlaceUpdates: WasmPart = {
  adds: { undo: /* @__PURE__ */ undoableSteps(unlessCalm), checksFirst } satisfies Adds,
};
