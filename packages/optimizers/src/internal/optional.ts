import type { Arithmetic } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/** An operation that a host's arrays may lack. */
type Optional = "max" | "pow" | "equal" | "where" | "transpose";

/** `needed("sm3", x, "max")` is the method `max` of x. Throws where the host lacks it. */
export function needed<T extends Arithmetic<T>, N extends Optional>(
  name: string,
  x: T,
  method: N,
): NonNullable<Arithmetic<T>[N]> {
  const found = (x as Arithmetic<T>)[method];
  if (!found) throw badArgument(name, `arrays with the method ${method}`, "others");
  return found.bind(x) as NonNullable<Arithmetic<T>[N]>;
}

/** The product of two matrices. Throws where the host has none. */
export function matrixProduct<T extends Arithmetic<T>>(name: string, a: T, b: T): T {
  const found = a.matmul ?? a.matMul;
  if (!found) throw badArgument(name, "arrays with the method matmul", "others");
  return found.call(a, b);
}
