import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { show } from "./internal/check.js";
import { checkLeft, framed, sidesOf, type Sides } from "./internal/frame.js";
import { map } from "./internal/map.js";
import { checkSequence } from "./internal/sequence.js";

/**
 * Cuts places off both ends of a sequence: `[length, channels]` becomes `[length − before − after,
 * channels]`. Keras `Cropping1D`.
 *
 * @param cropping one number for both ends, or [before, after]
 * @throws RangeError in `plan`, if nothing is left
 */
export function cropping1d(cropping: number | Sides): Layer<Tensor> {
  noOptions("cropping1d", arguments[1]);
  const [before, after] = sidesOf("cropping1d", "cropping", cropping, 0);
  const widths: readonly Sides[] = [[-before, -after]];
  return map(
    "cropping1d",
    [cropping],
    (x) => framed(x, widths),
    (input) => {
      checkSequence("cropping1d", input);
      checkLeft("cropping1d", input.slice(0, 1), widths, show(input));
    },
  );
}
