import type { Arithmetic, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/** What a penalty of matrices means by default. */
export const matrices = (_: string, shape: Shape): boolean => shape.length === 2;

/** The product of two matrices, and the transposed one. Throw where the host's arrays have none. */
export function matrixMethods<T extends Arithmetic<T>>(
  name: string,
  w: T,
): { readonly times: (a: T, b: T) => T; readonly transposed: (a: T) => T } {
  if (w.shape.length !== 2)
    throw badArgument(
      name,
      "matrices",
      `a parameter of [${w.shape.join(", ")}]`,
      'say which with the option "only"',
    );
  if (!(w.matmul ?? w.matMul) || !w.transpose)
    throw badArgument(name, "arrays with the methods matmul and transpose", "others");
  return {
    times: (a, b) => (a.matmul ? a.matmul(b) : a.matMul!(b)),
    transposed: (a) => a.transpose!(),
  };
}
