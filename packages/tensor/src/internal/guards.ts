import type { DType } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Tensor } from "../tensor.js";

/** Whether a value is a tensor, of this copy of the package or of another. */
export function isTensor(x: unknown): x is Tensor {
  if (typeof x !== "object" || x === null) return false;
  const { shape, inputs, op } = x as Partial<Tensor>;
  return Array.isArray(shape) && Array.isArray(inputs) && typeof op === "object";
}

/** Throws unless a value is a tensor; `what` names what it is for. */
export function checkTensor(name: string, x: unknown, what = "a tensor"): asserts x is Tensor {
  if (isTensor(x)) return;
  const hasValues =
    typeof x === "number" ||
    Array.isArray(x) ||
    ArrayBuffer.isView(x) ||
    (typeof x === "object" && x !== null && "data" in x);
  throw badArgument(
    name,
    what,
    `${shown(x)}${hasValues ? "; make a tensor of it with tensor(…)" : ""}`,
  );
}

/** Throws unless a value is a scalar, a tensor without axes. */
export function checkScalar(name: string, what: string, x: unknown): asserts x is Tensor {
  checkTensor(name, x, `${what} as a scalar tensor`);
  if (x.shape.length > 0)
    throw badArgument(name, `${what} as a scalar`, shown(x), "sum it, or take its mean");
}

/** Throws unless a value is a list of tensors. */
export function checkTensors(name: string, list: unknown): asserts list is readonly Tensor[] {
  if (!Array.isArray(list))
    throw badArgument(name, "a list of tensors", shown(list), "put them in [ ]");
  for (const x of list) checkTensor(name, x, "a list of tensors");
}

/** Throws unless a value is a list, of whatever. */
export function checkList(
  name: string,
  what: string,
  list: unknown,
): asserts list is readonly unknown[] {
  if (!Array.isArray(list)) throw badArgument(name, `${what} as a list`, shown(list));
}

/** Throws unless a value is true or false. */
export function checkFlag(name: string, what: string, x: unknown): asserts x is boolean {
  if (typeof x !== "boolean")
    throw badArgument(
      name,
      `${what} as true or false`,
      `${shown(x)}${what === "keepDims" && typeof x === "number" ? "; several axes go in a list" : ""}`,
    );
}

/** Throws unless a value is a number; NaN and infinities are allowed. */
export function checkNumber(name: string, what: string, x: unknown): asserts x is number {
  if (typeof x !== "number") throw badArgument(name, `${what} as a number`, shown(x));
}

/** Throws unless a value is an integer. */
export function checkInteger(name: string, what: string, x: unknown): asserts x is number {
  if (!Number.isInteger(x)) throw badArgument(name, `an integer ${what}`, shown(x));
}

/** Throws unless a value names a kind of values that there is. */
export function checkDType(name: string, dtype: unknown): asserts dtype is DType {
  if (dtype !== "float32" && dtype !== "int32")
    throw badArgument(name, 'dtype "float32" or "int32"', shown(dtype));
}

/** Throws unless there are [before, after], two integers ≥ 0, for each axis. */
export function checkWidths(
  name: string,
  x: Tensor,
  widths: unknown,
): asserts widths is readonly (readonly [number, number])[] {
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    [...pair].every((n) => Number.isInteger(n) && n >= 0);
  if (!Array.isArray(widths) || widths.length !== x.shape.length || ![...widths].every(isPair))
    throw badArgument(
      name,
      `[before, after] ≥ 0 for each of ${x.shape.length} axes`,
      shown(widths),
    );
}
