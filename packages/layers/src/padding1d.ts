import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFinite, inNameOf, show } from "./internal/check.js";
import { checkLeft, framed, sidesOf, type Sides } from "./internal/frame.js";
import { map } from "./internal/map.js";
import { checkPaddingMode } from "./internal/paddingMode.js";
import { checkSequence } from "./internal/sequence.js";
import type { PaddingOptions } from "./padding2d.js";

/**
 * Adds places before and after a sequence; negative numbers cut them off.
 *
 * `[length, channels]` becomes `[length + before + after, channels]`. Keras `ZeroPadding1D`;
 * PyTorch `ZeroPad1d`, `ConstantPad1d`, `ReflectionPad1d`, `ReplicationPad1d`, `CircularPad1d`.
 *
 * @param padding one number for both ends, or [before, after]
 * @throws RangeError in `plan`, if the sequence is too short for what is mirrored or cut off
 */
export function padding1d(padding: number | Sides, options: PaddingOptions = {}): Layer<Tensor> {
  const { mode = "zeros", value = 0 } = known("padding1d", options, "mode value");
  const widths = [sidesOf("padding1d", "padding", padding, -Infinity)];
  checkPaddingMode("padding1d", "mode", mode);
  checkFinite("padding1d", "value", value);
  return map(
    "padding1d",
    [padding, options],
    (x) => inNameOf("padding1d", () => framed(x, widths, mode, value)),
    (input) => {
      checkSequence("padding1d", input);
      checkLeft("padding1d", input.slice(0, 1), widths, show(input));
    },
  );
}
