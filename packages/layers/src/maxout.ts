import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The largest of each `pieces` neighbours in the last axis: y[c] = max over q of x[c · pieces + q].
 * After a dense layer or a convolution it is a convex function that is learned.
 *
 * `[…, units · pieces]` becomes `[…, units]`; the gradient is divided among equals.
 *
 * Goodfellow et al. (2013), Maxout networks. arXiv:1302.4389
 */
export function maxout(pieces: number): Layer<Tensor> {
  noOptions("maxout", arguments[1]);
  checkCount("maxout", "pieces", pieces);
  return map(
    "maxout",
    [pieces],
    (x) =>
      x.reshape([...x.shape.slice(0, -1), x.shape[x.shape.length - 1]! / pieces, pieces]).max(-1),
    (input) => {
      const last = input[input.length - 1];
      if (last === undefined || last % pieces !== 0)
        throw badArgument("maxout", `a last axis divisible by ${pieces} pieces`, show(input));
    },
  );
}
