import type { GatherSpec } from "@tenon/plan";
import type { DType } from "@tenon/contracts";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";

// What kernels that read or write at indices have in common. An index that is out of bounds is
// written to the status, which ends the program's steps.

export const sizeOfResult = ({ outer, m, inner }: GatherSpec): number => outer * m * inner;
export const sizeOfSource = ({ outer, n, inner }: GatherSpec): number => outer * n * inner;

/** Code that takes position `i` in an array [outer, middle, inner] apart. */
export const place = (middle: number, inner: number): string => `let inner = i % ${inner}u;
let at = (i / ${inner}u) % ${middle}u;
let outer = i / ${inner * middle}u;`;

/** Code that reads an index, and writes it to the status if it is out of bounds. */
export const checked = (index: string, n: number): string => `let index = ${index};
if (index < 0i || index >= ${n}i) { fail(index); }`;

/**
 * Only checks as many indices: where there is nothing that they pick. Operands: out, x, indices.
 */
export const checking = (
  name: string,
  count: number,
  { n, use }: GatherSpec,
  dtype: DType,
): Kernel =>
  eachElement(name, count, {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: { n, use },
    body: ([, , indices]) => checked(indices!.load("i"), n),
  });
