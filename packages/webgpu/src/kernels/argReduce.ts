import type { ArgReduceSpec } from "@tenon/plan";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";

/** The index of the largest or smallest element along an axis: the first of equals, or NaN. */
export function argReduce({ outer, n, inner, kind, dtype }: ArgReduceSpec): Kernel {
  const isInteger = dtype === "int32";
  const isNan = isInteger ? "false" : "is_nan(best)";
  const noBetter = kind === "argMax" ? "<=" : ">=";
  return eachElement(kind, outer * inner, {
    flops: outer * n * inner,
    operands: ["int32", dtype],
    body: ([out, x]) => `let inner = i % ${inner}u;
let first = (i / ${inner}u) * ${n * inner}u + inner;
var best: ${isInteger ? "i32" : "f32"} = ${x!.load("first")};
var found = 0i;
for (var j = 1u; j < ${n}u; j++) {
let value = ${x!.load(`first + j * ${inner}u`)};
if (!(${isNan}) && !(value ${noBetter} best)) { best = value; found = i32(j); }
}
${out!.store("i", "found")}`,
  });
}
