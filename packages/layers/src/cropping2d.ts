import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkImage, show } from "./internal/check.js";
import { checkLeft, framed, frameOf, type Frame, type Sides } from "./internal/frame.js";
import { map } from "./internal/map.js";

/**
 * Cuts rows and columns off an image: `[height, width, channels]` becomes `[height − top − bottom,
 * width − left − right, channels]`. Keras `Cropping2D`.
 *
 * @param cropping one number for all sides, [rows, columns], or [[top, bottom], [left, right]]
 * @throws RangeError in `plan`, if nothing is left
 */
export function cropping2d(cropping: Frame): Layer<Tensor> {
  noOptions("cropping2d", arguments[1]);
  const widths = frameOf("cropping2d", "cropping", cropping, 0).map(([before, after]): Sides => [
    -before,
    -after,
  ]);
  return map(
    "cropping2d",
    [cropping],
    (x) => framed(x, widths),
    (input) => {
      checkImage("cropping2d", input);
      checkLeft("cropping2d", input.slice(0, 2), widths, show(input));
    },
  );
}
