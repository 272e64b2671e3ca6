import { operationCount, type Loop } from "@tenon/plan";
import { sizeOf, type ReduceAttrs } from "@tenon/tensor";
import { statements } from "./expression.js";
import { invocations, type Kernel } from "./kernel.js";
import { inputTypes } from "./loop.js";
import { axesOf, placesOf, sumOf } from "./places.js";
import { cellAt, tree, type Tree } from "./reduce.js";

/**
 * Mean, deviation, zeros and elements that are not finite of each column of an expression
 * [… , rows, columns]. Three passes: the largest magnitude, by whose power of two values are
 * divided so that no square over- or underflows; the mean; the squares of the distances from it.
 */
export function summary(loop: Loop, { axes: [axis] }: ReduceAttrs): Kernel {
  const { shape, inputs, body, outputs } = loop;
  const rows = shape[axis!]!;
  const count = sizeOf(shape.filter((_, i) => i !== axis));
  let width = 1;
  while (width < invocations && count * width < 65536 && 8 * width <= rows) width *= 2;
  const perGroup = invocations / width;
  return {
    name: `summary [${shape.join()}]`,
    scratch: 0,
    flops: 3 * sizeOf(shape) * (2 + operationCount(loop)),
    operands: ["float32", ...inputTypes(loop)],
    workgroups: Math.ceil(count / perGroup),
    cells: width > 1 ? 3 : 0,
    body([out, ...sources]) {
      const outer = placesOf(
        axesOf(shape, inputs, (i) => i !== axis),
        "o",
        "o",
      );
      const inner = placesOf(
        axesOf(shape, inputs, (i) => i === axis),
        "r",
        "r",
      );
      const load = (input: number): string =>
        sources[input]!.load(
          sumOf([...outer.termsOf(input), ...inner.termsOf(input)], inputs[input]!.offset),
        );
      const pass = (visit: string): string => `if (o < ${count}u) {
${outer.code}
for (var r = lane; r < ${rows}u; r += ${width}u) {
${inner.code}
${statements(body, load)}
let x = v${outputs[0]!};
${visit}
}
}`;
      const folded = (names: readonly string[], fold: Tree["fold"]): string =>
        width === 1 ? "" : tree(names, { width, distance: perGroup, fold });
      /** What the first of the invocations that share a column has is given to all of them. */
      const given = (...names: readonly string[]): string =>
        width === 1
          ? ""
          : [
              ...names.map((name, k) => `${name} = bitcast<f32>(${cellAt("slot", k)});`),
              "workgroupBarrier();",
            ].join("\n");
      const put = (k: number, value: string): string => out!.store(`${k * count}u + o`, value);
      return `let slot = t % ${perGroup}u;
let lane = t / ${perGroup}u;
let o = g * ${perGroup}u + slot;
var most = 0.0f;
var zeros = 0.0f;
var others = 0.0f;
${pass("if (x == 0.0f) { zeros += 1.0f; }\nif (is_finite(x)) { most = max(most, abs(x)); } else { others += 1.0f; }")}
${folded(["most", "zeros", "others"], (a, b, c) => `most = max(most, ${a}); zeros += ${b}; others += ${c};`)}
${given("most")}
// 2⁻⁶⁰ … 2⁶⁰ need no scale; beyond, the power of two of the largest magnitude.
let exponent = clamp(i32((bitcast<u32>(most) >> 23u) & 255u) - 127i, -126i, 126i);
let isPlain = abs(exponent) < 60i;
let down = select(power_of_two(-exponent), 1.0f, isPlain);
let up = select(power_of_two(exponent), 1.0f, isPlain);
var mean = 0.0f;
var lost = 0.0f;
${pass(`let y = x * down;\n${twoSum}`)}
${folded(["mean", "lost"], (a, b) => `lost += ${b};\nlet y = ${a};\n${twoSum}`)}
${given("mean", "lost")}
mean = (mean + lost) / ${rows}.0f;
var squares = 0.0f;
var rest = 0.0f;
${pass("let d = x * down - mean;\nsquares += d * d;\nrest += d;")}
${folded(["squares", "rest"], (a, b) => `squares += ${a}; rest += ${b};`)}
if (lane == 0u && o < ${count}u) {
let bad = others > 0.0f || ${rows}u == 0u;
let correction = rest / ${Math.max(1, rows)}.0f;
let deviation = sqrt(max(0.0f, squares / ${Math.max(1, rows)}.0f - correction * correction));
${put(0, "select((mean + correction) * up, from_bits(0x7fc00000u), bad)")}
${put(1, "select(deviation * up, from_bits(0x7fc00000u), bad)")}
${put(2, "zeros")}
${put(3, "others")}
}`;
    },
  };
}

/** Adds `y` to `mean`, and what rounding took from the sum to `lost` (Knuth's TwoSum). */
const twoSum = `let s = hidden(mean + y);
let z = hidden(s - mean);
lost += (mean - (s - z)) + (y - z);
mean = s;`;
