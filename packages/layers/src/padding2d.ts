import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFinite, checkImage, inNameOf, show } from "./internal/check.js";
import { checkLeft, framed, frameOf, type Frame } from "./internal/frame.js";
import { map } from "./internal/map.js";
import { checkPaddingMode, type PaddingMode } from "./internal/paddingMode.js";

export interface PaddingOptions {
  /**
   * What is added: zeros, or the input itself, mirrored without its edge ("reflect"), its edge
   * ("replicate") or its other end ("circular"). @defaultValue "zeros"
   */
  readonly mode?: PaddingMode;
  /** With mode "zeros": another number instead. @defaultValue 0 */
  readonly value?: number;
}

/**
 * Adds rows and columns around an image; negative numbers cut them off.
 *
 * `[height, width, channels]` becomes `[height + top + bottom, width + left + right, channels]`.
 * Keras `ZeroPadding2D`; PyTorch `ZeroPad2d`, `ConstantPad2d`, `ReflectionPad2d`,
 * `ReplicationPad2d` and `CircularPad2d`, whose order is left, right, top, bottom.
 *
 * @param padding one number for all sides, [rows, columns], or [[top, bottom], [left, right]]
 * @throws RangeError in `plan`, if the image is too small for what is mirrored or cut off
 */
export function padding2d(padding: Frame, options: PaddingOptions = {}): Layer<Tensor> {
  const { mode = "zeros", value = 0 } = known("padding2d", options, "mode value");
  const widths = frameOf("padding2d", "padding", padding, -Infinity);
  checkPaddingMode("padding2d", "mode", mode);
  checkFinite("padding2d", "value", value);
  return map(
    "padding2d",
    [padding, options],
    (x) => inNameOf("padding2d", () => framed(x, widths, mode, value)),
    (input) => {
      checkImage("padding2d", input);
      checkLeft("padding2d", input.slice(0, 2), widths, show(input));
    },
  );
}
