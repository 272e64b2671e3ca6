import type { Init } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface IdentityOptions {
  /** The value of the diagonal. @defaultValue 1 */
  readonly gain?: number;
}

/**
 * A matrix with `gain` on its diagonal and 0 elsewhere: the output is the input. Need not be
 * square. Keras `Identity`, PyTorch `eye_`.
 *
 * For kernels of convolutions see `dirac`. Throws a RangeError for other shapes than [in, out].
 */
export function identity(options: IdentityOptions = {}): Init {
  const { gain = 1 } = known("identity", options, "gain");
  finite("identity", "gain", gain);
  return initializer({ type: "identity", gain }, (values, shape) => {
    if (shape.length !== 2)
      throw badArgument(
        "identity",
        "a shape [in, out]",
        `[${shape.join(", ")}]`,
        "use dirac for a convolution",
      );
    const [rows, columns] = shape;
    for (let i = 0; i < rows && i < columns; i++) values[i * columns + i] = gain;
  });
}
