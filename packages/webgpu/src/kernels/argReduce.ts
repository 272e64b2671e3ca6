import type { ArgReduceSpec } from "@tenon/plan";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";

/**
 * Whether a value takes the place of the `best` so far: NaN does, and no other takes its place. NaN
 * is told by its bits: drivers may take `!(a <= b)` for `a > b`.
 */
export const better = (isInteger: boolean, value: string, than: ">" | "<"): string =>
  isInteger
    ? `${value} ${than} best`
    : `!is_nan(best) && (is_nan(${value}) || ${value} ${than} best)`;

/** The index of the largest or smallest element along an axis: the first of equals, or NaN. */
export function argReduce({ outer, n, inner, kind, dtype }: ArgReduceSpec): Kernel {
  const isInteger = dtype === "int32";
  const isBetter = better(isInteger, "value", kind === "argMax" ? ">" : "<");
  return eachElement(kind, outer * inner, {
    flops: outer * n * inner,
    operands: ["int32", dtype],
    body: ([out, x]) => `let inner = i % ${inner}u;
let first = (i / ${inner}u) * ${n * inner}u + inner;
var best: ${isInteger ? "i32" : "f32"} = ${x!.load("first")};
var found = 0i;
for (var j = 1u; j < ${n}u; j++) {
let value = ${x!.load(`first + j * ${inner}u`)};
if (${isBetter}) { best = value; found = i32(j); }
}
${out!.store("i", "found")}`,
  });
}
