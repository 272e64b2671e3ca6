// `npm run bench:kernels -- wasm/bench/elementwise`: one thread, a million elements (4 MB an array)
// unless the shape says otherwise.
import type { FoldKind } from "@tenon/plan";
import { argReduce } from "../src/kernels/reduce/argReduce.js";
import { elementwise } from "../src/kernels/loop/elementwise.js";
import { gather } from "../src/kernels/index/gather.js";
import { scatterAdd } from "../src/kernels/index/scatterAdd.js";
import type { Kernel } from "../src/kernels/kernel.js";
import type { BinaryOp, BodyNode, Loop, UnaryOp } from "../src/kernels/loop/loop.js";
import { place } from "../src/kernels/index/place.js";
import { reduce } from "../src/kernels/reduce/reduce.js";
import { folds } from "../src/testing/folds.js";
import { kernelRun, type Words } from "../src/testing/runKernel.js";
import { uniform } from "../src/kernels/random/uniform.js";
import { milliseconds, timedStages } from "./measure.js";

const million = 1 << 20;
const randomValues = (length: number): Float32Array =>
  Float32Array.from({ length }, () => 2 * Math.random() - 1);
const load = (input: number): BodyNode => ({ op: "load", input, dtype: "float32" });
const constant = (value: number): BodyNode => ({ op: "constant", value, dtype: "float32" });
const node = (op: UnaryOp | BinaryOp, ...args: number[]): BodyNode => ({
  op,
  args,
  dtype: "float32",
});

function line(name: string, kernel: Kernel, arrays: readonly Words[], elements: number): void {
  const { run } = kernelRun(kernel, arrays);
  const ms = milliseconds(run);
  const bytes = arrays.reduce((sum, { length }) => sum + 4 * length, 0);
  console.log(
    `${name.padEnd(44)} ${((ms * 1e6) / elements).toFixed(3).padStart(8)} ns/element ` +
      `${(bytes / ms / 1e6).toFixed(1).padStart(7)} GB/s ${String(kernel.workItems).padStart(6)} ` +
      "work items",
  );
}

/** A loop over inputs with the given strides. */
function loop(
  name: string,
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  body: readonly BodyNode[],
  outputs = [body.length - 1],
): void {
  const size = shape.reduce((s, n) => s * n, 1);
  const description: Loop = {
    shape,
    body,
    inputs: strides.map((steps) => ({ strides: steps, offset: 0 })),
    outputs,
  };
  const lengths = strides.map(
    (steps) => 1 + steps.reduce((last, step, axis) => last + step * (shape[axis]! - 1), 0),
  );
  line(
    name,
    elementwise(description),
    [...outputs.map(() => new Float32Array(size)), ...lengths.map(randomValues)],
    size,
  );
}

loop("relu", [million], [[1]], [load(0), node("relu", 0)]);
loop("add", [million], [[1], [1]], [load(0), load(1), node("add", 0, 1)]);
loop(
  "bias, rows of 128",
  [million / 128, 128],
  [
    [128, 1],
    [0, 1],
  ],
  [load(0), load(1), node("add", 0, 1)],
);
loop(
  "bias, rows of 10",
  [100_000, 10],
  [
    [10, 1],
    [0, 1],
  ],
  [load(0), load(1), node("add", 0, 1)],
);
loop(
  "minus a number of each row of 10",
  [100_000, 10],
  [
    [10, 1],
    [1, 0],
  ],
  [load(0), load(1), node("sub", 0, 1)],
);
loop(
  "minus a number of each row of 128",
  [million / 128, 128],
  [
    [128, 1],
    [1, 0],
  ],
  [load(0), load(1), node("sub", 0, 1)],
);
loop(
  "relu(x·s + b)·x, rows of 128",
  [million / 128, 128],
  [
    [128, 1],
    [0, 1],
    [0, 1],
  ],
  [
    load(0),
    load(1),
    load(2),
    node("mul", 0, 1),
    node("add", 3, 2),
    node("relu", 4),
    node("mul", 5, 0),
  ],
);
loop(
  "Adam",
  [million],
  [[1], [1], [1], [1], [0], [0], [0]],
  [
    load(0),
    load(1),
    load(2),
    load(3),
    load(4),
    load(5),
    load(6),
    constant(0.9),
    constant(0.1),
    constant(0.999),
    constant(0.001),
    constant(1e-8),
    node("mul", 1, 7),
    node("mul", 3, 8),
    node("add", 12, 13),
    node("mul", 2, 9),
    node("square", 3),
    node("mul", 16, 10),
    node("add", 15, 17),
    node("div", 14, 5),
    node("div", 18, 6),
    node("sqrt", 20),
    node("add", 21, 11),
    node("div", 19, 22),
    node("mul", 23, 4),
    node("sub", 0, 24),
  ],
  [25, 14, 18],
);
loop("transpose of 1024 × 1024", [1024, 1024], [[1, 1024]], [load(0)]);
loop("transpose of 8192 × 128", [128, 8192], [[1, 128]], [load(0)]);
loop("transpose of 128 × 8192", [8192, 128], [[1, 8192]], [load(0)]);
loop(
  "x + transpose of 1024 × 1024",
  [1024, 1024],
  [
    [1024, 1],
    [1, 1024],
  ],
  [load(0), load(1), node("add", 0, 1)],
);
loop("NCHW from NHWC 64·26·26·32", [64, 32, 26, 26], [[26 * 26 * 32, 1, 26 * 32, 32]], [load(0)]);
loop("NHWC from NCHW 64·26·26·32", [64, 26, 26, 32], [[26 * 26 * 32, 26, 1, 26 * 26]], [load(0)]);
loop("every second of 2 million", [million], [[2]], [load(0)]);
for (const op of [
  "exp",
  "expm1",
  "log",
  "log1p",
  "tanh",
  "sigmoid",
  "erf",
  "sin",
  "cos",
  "sqrt",
] as const)
  loop(op, [million], [[1]], [load(0), node(op, 0)]);
for (const op of ["pow", "remainder", "div"] as const)
  loop(op, [million], [[1], [1]], [load(0), load(1), node(op, 0, 1)]);

/** A sum over axes of a contiguous array. */
function fold(
  name: string,
  shape: readonly number[],
  axes: readonly number[],
  kind: FoldKind = "sum",
): void {
  const size = shape.reduce((s, n) => s * n, 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((s, n) => s * n, 1));
  const kernel = reduce({
    shape,
    axes,
    kind,
    foldOf: folds[kind],
    inputs: [{ strides, offset: 0 }],
    body: [load(0)],
    outputs: [0],
  });
  line(
    name,
    kernel,
    [
      new Float32Array(shape.reduce((s, n, axis) => (axes.includes(axis) ? s : s * n), 1)),
      randomValues(size),
    ],
    size,
  );
}
fold("sum of all", [million], [0]);
fold("sum of rows of 1024", [1024, 1024], [1]);
fold("sum of rows of 128", [million / 128, 128], [1]);
fold("max of rows of 10", [100_000, 10], [1], "max");
fold("sum of columns, rows of 1024", [1024, 1024], [0]);
fold("sum of columns, rows of 128", [million / 128, 128], [0]);
fold("sum of columns, rows of 32", [million / 32, 32], [0]);
fold("sum of columns, rows of 10", [100_000, 10], [0]);
fold("sum of columns, rows of 3", [300_000, 3], [0]);
fold("sum of the middle of 64 · 128 · 128", [64, 128, 128], [1]);
fold("sum over 0, 2, 3 of 64 · 32 · 26 · 26", [64, 32, 26, 26], [0, 2, 3]);

line(
  "arg-max of rows of 10",
  argReduce({ outer: 100_000, n: 10, inner: 1, kind: "argMax", dtype: "float32" }),
  [new Int32Array(100_000), randomValues(1_000_000)],
  1_000_000,
);
line(
  "arg-max of rows of 1024",
  argReduce({ outer: 1024, n: 1024, inner: 1, kind: "argMax", dtype: "float32" }),
  [new Int32Array(1024), randomValues(million)],
  million,
);
line(
  "arg-max of columns, rows of 1024",
  argReduce({ outer: 1, n: 1024, inner: 1024, kind: "argMax", dtype: "float32" }),
  [new Int32Array(1024), randomValues(million)],
  million,
);
line(
  "uniform",
  uniform({ length: million, stream: 7 }),
  [new Float32Array(million), Int32Array.of(1), Int32Array.of(2)],
  million,
);
const indices = Int32Array.from({ length: 8192 }, () => Math.floor(Math.random() * 1000));
line(
  "gather rows of 128",
  gather({ outer: 1, n: 1000, m: 8192, inner: 128, use: { by: "bench" } }),
  [new Float32Array(million), randomValues(128_000), indices],
  million,
);
const scattering = timedStages(
  scatterAdd({ outer: 1, n: 1000, m: 8192, inner: 128, use: { by: "bench" } }),
  [128_000],
  [randomValues(million), indices],
);
console.log(
  `${"scatter-add rows of 128".padEnd(44)} ${((scattering * 1e6) / million).toFixed(3).padStart(8)} ns/element`,
);
const padded = 64 * 28 * 28 * 32;
line(
  "pad 64·26·26·32 by one",
  place({
    size: padded,
    dtype: "float32",
    fill: 0,
    parts: [
      { shape: [64, 26, 26, 32], strides: [28 * 28 * 32, 28 * 32, 32, 1], offset: 28 * 32 + 32 },
    ],
  }),
  [new Float32Array(padded), randomValues(64 * 26 * 26 * 32)],
  padded,
);
