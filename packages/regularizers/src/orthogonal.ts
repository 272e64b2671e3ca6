import type { Arithmetic, Penalty } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative, oneOf } from "./internal/guards.js";
import { matrices, matrixMethods } from "./internal/matrices.js";
import type { OnlyOptions } from "./internal/only.js";
import { penalty } from "./internal/penalty.js";

export interface OrthogonalOptions extends OnlyOptions {
  /** Which vectors are to be orthogonal. @defaultValue "rows" */
  readonly mode?: "rows" | "columns";
}

/**
 * Punishes rows (or columns) of a matrix that are not orthogonal: λ times the mean of |cos| of the
 * angle between each two of them.
 *
 * Keras: `OrthogonalRegularizer`. It means parameters of two axes. Arrays need the methods `matmul`
 * (or `matMul`) and `transpose`.
 *
 * @param rate λ
 * @throws RangeError unless λ is finite and ≥ 0, and, where it is used, if a parameter is no matrix
 */
export function orthogonal(rate = 0.01, options: OrthogonalOptions = {}): Penalty {
  const { mode = "rows", only = matrices } = known("orthogonal", options, "mode only");
  notNegative("orthogonal", "rate", rate);
  oneOf("orthogonal", "mode", mode, ["rows", "columns"]);
  return penalty("orthogonal", { only }, <T extends Arithmetic<T>>(w: T): T => {
    const { times, transposed } = matrixMethods("orthogonal", w);
    const along = mode === "rows" ? 1 : 0;
    const count = w.shape[1 - along]!;
    const unit = w.div(
      w
        .square()
        .sum([along], true)
        .maximum(2 ** -100)
        .sqrt(),
    );
    const cosines = along === 1 ? times(unit, transposed(unit)) : times(transposed(unit), unit);
    // Without those of each vector with itself.
    const others = cosines.abs().sum().sub(unit.square().sum()).maximum(0);
    return others.mul(rate / Math.max(1, count * (count - 1)));
  });
}
