import type { Init } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { initializer } from "./internal/initializer.js";

export interface DiracOptions {
  /** Groups of the convolution; each passes its own channels on. @defaultValue 1 */
  readonly groups?: number;
}

/**
 * A convolution's kernel [...window, in, out] that passes its input on, as far as there are
 * channels: 1 at the middle of the window where input channel and output channel are the same, else
 * 0.
 *
 * PyTorch's `dirac_`. Throws a RangeError if the shape has no window, or if the groups do not
 * divide the output channels.
 *
 * Zagoruyko & Komodakis (2017), DiracNets. arXiv:1706.00388
 */
export function dirac(options: DiracOptions = {}): Init {
  const { groups = 1 } = known("dirac", options, "groups");
  if (!Number.isSafeInteger(groups) || groups < 1)
    throw badArgument("dirac", "groups to be an integer ≥ 1", shown(groups));
  return initializer({ type: "dirac", groups }, (values, shape) => {
    if (shape.length < 3)
      throw badArgument(
        "dirac",
        "a shape [...window, in, out]",
        `[${shape.join(", ")}]`,
        "use identity for a matrix",
      );
    const inputs = shape[shape.length - 2];
    const outputs = shape[shape.length - 1];
    if (outputs % groups !== 0)
      throw badArgument("dirac", `groups that divide ${outputs} output channels`, groups);
    let middle = 0;
    for (let axis = 0; axis < shape.length - 2; axis++) {
      if (shape[axis] === 0) return;
      middle = middle * shape[axis] + Math.floor(shape[axis] / 2);
    }
    const each = outputs / groups;
    for (let group = 0; group < groups; group++) {
      for (let i = 0; i < each && i < inputs; i++)
        values[(middle * inputs + i) * outputs + group * each + i] = 1;
    }
  });
}
