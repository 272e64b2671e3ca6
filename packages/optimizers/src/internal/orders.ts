import type { Arithmetic } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { normOf, total, type Norm } from "./norms.js";
import { needed } from "./optional.js";

/** Throws unless the value is the order of a norm. */
export function checkOrder(name: string, order: unknown): void {
  if (typeof order !== "number" || !(order >= 1))
    throw badArgument(name, "an order ≥ 1 of the norm", shown(order), "use 2, 1 or Infinity");
}

/**
 * The norm of some arrays as if they were one: √Σx², Σ|x| (order 1), the largest |x| (Infinity), or
 * ᵖ√Σ|x|ᵖ.
 */
export function normOfOrder<T extends Arithmetic<T>>(
  arrays: readonly T[],
  order: number = 2,
): Norm<T> {
  if (order === 2) return normOf(arrays);
  return normOf(arrays, (scaled) => {
    if (order === 1) return total(scaled, (x) => x.abs());
    if (order === Infinity)
      return scaled
        .map((x) => needed<T, "max">("a norm of order Infinity", x.abs(), "max")())
        .reduce((a, b) => a.maximum(b));
    const power = (x: T, exponent: number): T =>
      needed<T, "pow">(`a norm of order ${order}`, x, "pow")(exponent);
    return power(
      total(scaled, (x) => power(x.abs(), order)),
      1 / order,
    );
  });
}
