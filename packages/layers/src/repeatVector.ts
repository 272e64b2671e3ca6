import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import { repeat, type Tensor } from "@tenon/tensor";
import { checkCount, show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The same vector at each of `count` places: `[size]` becomes `[count, size]`. Keras
 * `RepeatVector`.
 */
export function repeatVector(count: number): Layer<Tensor> {
  noOptions("repeatVector", arguments[1]);
  checkCount("repeatVector", "count", count);
  return map(
    "repeatVector",
    [count],
    (x) => repeat(x.expandDims(1), count, 1),
    (input) => {
      if (input.length !== 1) throw badArgument("repeatVector", "a vector [size]", show(input));
    },
  );
}
