import type { Loop, LoopEpilogue, MaxPoolOptions, PoolSpec } from "@tenon/plan";
import { sizeOf, windows, type Pool2dAttrs } from "@tenon/tensor";
import { better } from "./argReduce.js";
import { statements } from "./expression.js";
import { eachElement } from "./eachElement.js";
import type { Kernel } from "./kernel.js";
import { inputTypes, storedCount, storing, storingTypes } from "./loop.js";
import { axesOf, placesOf, sumOf } from "./places.js";

const sizesOf = ({
  x,
  attrs,
}: PoolSpec): { n: number; c: number; rows: number; columns: number } => {
  const [rows, columns] = windows(attrs.image, attrs.window, attrs);
  return { n: x[0]!, c: x[3]!, rows, columns };
};

/** Code that takes the position `i` of a result [n, rows, columns, c] apart. */
const resultPlace = (rows: number, columns: number, c: number): string => `let channel = i % ${c}u;
let column = (i / ${c}u) % ${columns}u;
let row = (i / ${c * columns}u) % ${rows}u;
let image = i / ${c * columns * rows}u;`;

/** Visits the cells of the window of result `i` that are within the image, in row-major order. */
function eachCell({ attrs, x }: PoolSpec, visit: string): string {
  const { window, strides, padding, image } = attrs;
  const [, , , c] = x as readonly [number, number, number, number];
  const isPadded = padding.flat().some((n) => n > 0);
  const start = (axis: 0 | 1, name: string): string =>
    `${name} * ${strides[axis]}u - ${padding[axis]![0]}u`;
  const inside = isPadded ? `if (y >= ${image[0]}u || x >= ${image[1]}u) { continue; }` : "";
  return `for (var a = 0u; a < ${window[0]}u; a++) {
for (var b = 0u; b < ${window[1]}u; b++) {
let y = ${start(0, "row")} + a;
let x = ${start(1, "column")} + b;
${inside}
let cell = ((image * ${image[0]}u + y) * ${image[1]}u + x) * ${c}u + channel;
${visit}
}
}`;
}

/**
 * The largest value of each window, of an expression that is computed as it is read, its index, and
 * the values there of other expressions.
 */
export function maxPool(
  spec: PoolSpec,
  { prologue, values = true, indices = true }: MaxPoolOptions,
): Kernel {
  const { n, c, rows, columns } = sizesOf(spec);
  const loop: Loop = prologue!;
  const others = loop.outputs.slice(1);
  const stored = [...(values ? [loop.outputs[0]!] : []), ...others];
  const size = n * rows * columns * c;
  const firstInput = stored.length + Number(indices);
  const typeOf = (k: number): "int32" | "float32" => loop.body[k]!.dtype;
  return eachElement("max pool", size, {
    flops: size * spec.attrs.window[0] * spec.attrs.window[1] * Math.max(1, loop.body.length),
    operands: [
      ...stored.map(typeOf),
      ...(indices ? (["int32"] as const) : []),
      ...inputTypes(loop),
    ],
    body(operands) {
      const places = placesOf(axesOf(loop.shape, loop.inputs), "cell", "p");
      const load = (input: number): string =>
        operands[firstInput + input]!.load(
          sumOf(places.termsOf(input), loop.inputs[input]!.offset),
        );
      const first = loop.outputs[0]!;
      const isInteger = typeOf(first) === "int32";
      const declare = (k: number, name: string): string =>
        `var ${name}: ${typeOf(k) === "int32" ? "i32 = 0i" : "f32 = 0.0f"};`;
      const visit = `${places.code}
${statements(loop.body, load)}
if (found < 0i || (${better(isInteger, `v${first}`, ">")})) {
best = v${first};
${others.map((k, i) => `other${i} = v${k};`).join("\n")}
found = i32(y * ${spec.attrs.image[1]}u + x);
}`;
      const names = [...(values ? ["best"] : []), ...others.map((_, i) => `other${i}`)];
      return `${resultPlace(rows, columns, c)}
${declare(first, "best")}
${others.map((k, i) => declare(k, `other${i}`)).join("\n")}
var found = -1i;
${eachCell(spec, visit)}
${names.map((name, i) => operands[i]!.store("i", name)).join("\n")}
${indices ? operands[stored.length]!.store("i", "found") : ""}`;
    },
  });
}

/** The sum under each window. */
export function sumPool(spec: PoolSpec): Kernel {
  const { n, c, rows, columns } = sizesOf(spec);
  const size = n * rows * columns * c;
  return eachElement("sum pool", size, {
    flops: size * spec.attrs.window[0] * spec.attrs.window[1],
    operands: ["float32", "float32"],
    body: ([y, x]) => `${resultPlace(rows, columns, c)}
var total = 0.0f;
${eachCell(spec, `total += ${x!.load("cell")};`)}
${y!.store("i", "total")}`,
  });
}

/** Visits the windows that cover cell `i` of the image, in row-major order. */
function eachWindow({ attrs, x: [, h, w, c] }: PoolSpec, visit: string): string {
  const { window, strides, padding } = attrs;
  const [rows, columns] = windows(attrs.image, attrs.window, attrs);
  const along = (axis: 0 | 1, name: string, at: string, count: number, next: string): string => {
    const padded = `(${at} + ${padding[axis]![0]}u)`;
    const reach = window[axis] - 1;
    const first =
      reach === 0
        ? `(${padded} + ${strides[axis] - 1}u) / ${strides[axis]}u`
        : `(max(${padded}, ${reach}u) - ${reach}u + ${strides[axis] - 1}u) / ${strides[axis]}u`;
    return `for (var ${name} = ${first}; ${name} <= min(${padded} / ${strides[axis]}u, ${count - 1}u); ${name}++) {
${next}
}`;
  };
  return `${resultPlace(h!, w!, c!)}
${along(
  0,
  "windowRow",
  "row",
  rows,
  along(
    1,
    "windowColumn",
    "column",
    columns,
    `let window = ((image * ${rows}u + windowRow) * ${columns}u + windowColumn) * ${c}u + channel;
${visit}`,
  ),
)}`;
}

/** The adjoint of `sumPool`: each cell's sum over the windows that cover it. */
export function sumPoolInput(spec: PoolSpec): Kernel {
  const size = sizeOf(spec.x);
  return eachElement("sum pool's input", size, {
    flops: size,
    operands: ["float32", "float32"],
    body: ([x, y]) => `var total = 0.0f;
${eachWindow(spec, `total += ${y!.load("window")};`)}
${x!.store("i", "total")}`,
  });
}

/**
 * Each cell's sum of the values of those windows whose argmax it is, and the loop that alone reads
 * it. Operands: the results, the values, the indices, the loop's other inputs.
 */
export function unpool(spec: PoolSpec, epilogue?: LoopEpilogue): Kernel {
  const size = sizeOf(spec.x);
  const outputs = storedCount(epilogue);
  const types = storingTypes(epilogue, "float32", ["float32", "int32"]);
  return eachElement("unpool", size, {
    flops: size,
    operands: types,
    ...(epilogue?.loop.checks && { clears: types.length - 1 }),
    body(operands) {
      const [values, indices] = [operands[outputs]!, operands[outputs + 1]!];
      return `var total = 0.0f;
${eachWindow(
  spec,
  `if (${indices.load("window")} == i32(row * ${spec.attrs.image[1]}u + column)) { total += ${values.load("window")}; }`,
)}
${storing(epilogue, operands, 2, "total", "i")}`;
    },
  });
}

export const poolSpec = (x: readonly number[], attrs: unknown): PoolSpec => ({
  x,
  attrs: attrs as Pool2dAttrs,
});
