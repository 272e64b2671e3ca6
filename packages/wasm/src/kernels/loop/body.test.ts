import fc from "fast-check";
import { expect, test } from "vitest";
import { elementwise } from "./elementwise.js";
import type { BinaryOp, BodyNode, UnaryOp } from "./loop.js";
import { kernelRun, type Words } from "../../testing/runKernel.js";

type Dtype = "float32" | "int32";
const wordsOf = (dtype: Dtype, values: readonly number[]): Words =>
  dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);

/** One operation on arrays, as a loop computes it. */
function apply(op: UnaryOp | BinaryOp | "where", operands: readonly Words[], dtype: Dtype): Words {
  const { length } = operands[0]!;
  const { run, arrays, check } = kernelRun(
    elementwise({
      shape: [length],
      inputs: operands.map(() => ({ strides: [1], offset: 0 })),
      outputs: [operands.length],
      body: [
        ...operands.map((x, input): BodyNode => ({
          op: "load",
          input,
          dtype: x.constructor === Int32Array ? "int32" : "float32",
        })),
        { op, args: operands.map((_, i) => i), dtype },
      ],
    }),
    [wordsOf(dtype, new Array<number>(length).fill(0)), ...operands],
  );
  run();
  check();
  return arrays[0]!;
}

const floats = fc.oneof(
  fc.float(),
  fc.constantFrom(0, -0, 1, -1, 0.5, 2.5, NaN, Infinity, -Infinity, 3e9, -3e9),
);
const integers = fc.oneof(
  fc.integer({ min: -2147483648, max: 2147483647 }),
  fc.constantFrom(0, 1, -1, 2, 2147483647, -2147483648),
);
const pairs = (value: fc.Arbitrary<number>): fc.Arbitrary<[number, number][]> =>
  fc.array(
    fc.oneof(
      fc.tuple(value, value),
      value.map((x): [number, number] => [x, x]),
    ),
    { minLength: 1, maxLength: 40 },
  );
const column = (rows: readonly (readonly number[])[], index: number, dtype: Dtype): Words =>
  wordsOf(
    dtype,
    rows.map((row) => row[index]!),
  );

const f = Math.fround;
test.each<[BinaryOp, (a: number, b: number) => number]>([
  ["add", (a, b) => f(a + b)],
  ["sub", (a, b) => f(a - b)],
  ["mul", (a, b) => f(a * b)],
  ["div", (a, b) => f(a / b)],
  ["maximum", Math.max],
  ["minimum", Math.min],
])("%s of float32 is JavaScript's, rounded", (op, truth) => {
  fc.assert(
    fc.property(pairs(floats), (rows) => {
      const [a, b] = [column(rows, 0, "float32"), column(rows, 1, "float32")];
      expect([...apply(op, [a, b], "float32")]).toEqual([...a].map((x, i) => truth(x, b[i]!)));
    }),
  );
});

test.each<[BinaryOp, (a: number, b: number) => number]>([
  ["add", (a, b) => (a + b) | 0],
  ["sub", (a, b) => (a - b) | 0],
  ["mul", Math.imul],
  ["maximum", Math.max],
  ["minimum", Math.min],
])("%s of int32 wraps around", (op, truth) => {
  fc.assert(
    fc.property(pairs(integers), (rows) => {
      expect([...apply(op, [column(rows, 0, "int32"), column(rows, 1, "int32")], "int32")]).toEqual(
        rows.map(([a, b]) => truth(a, b)),
      );
    }),
  );
});

test.each<[BinaryOp, (a: number, b: number) => boolean]>([
  ["equal", (a, b) => a === b],
  ["notEqual", (a, b) => a !== b],
  ["less", (a, b) => a < b],
  ["lessEqual", (a, b) => a <= b],
  ["greater", (a, b) => a > b],
  ["greaterEqual", (a, b) => a >= b],
])("%s is 0 or 1, also with NaN", (op, truth) => {
  for (const [dtype, values] of [
    ["float32", floats],
    ["int32", integers],
  ] as const)
    fc.assert(
      fc.property(pairs(values), (rows) => {
        const [a, b] = [column(rows, 0, dtype), column(rows, 1, dtype)];
        expect([...apply(op, [a, b], "int32")]).toEqual(
          [...a].map((x, i) => (truth(x, b[i]!) ? 1 : 0)),
        );
      }),
    );
});

test.each<[UnaryOp, (x: number) => number]>([
  ["neg", (x) => -x],
  ["abs", Math.abs],
  ["sign", Math.sign],
  ["square", (x) => f(x * x)],
  ["reciprocal", (x) => f(1 / x)],
  ["relu", (x) => (x < 0 ? 0 : x)],
  ["floor", Math.floor],
  ["ceil", Math.ceil],
  ["sqrt", (x) => f(Math.sqrt(x))],
])("%s of float32", (op, truth) => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 40 }), (values) => {
      const x = Float32Array.from(values);
      expect([...apply(op, [x], "float32")]).toEqual([...x].map(truth));
    }),
  );
});

test.each<[UnaryOp, (x: number) => number]>([
  ["neg", (x) => -x | 0],
  ["abs", (x) => Math.abs(x) | 0],
  ["sign", (x) => Math.sign(x) | 0],
  ["square", (x) => Math.imul(x, x)],
  ["relu", (x) => Math.max(x, 0)],
])("%s of int32", (op, truth) => {
  fc.assert(
    fc.property(fc.array(integers, { minLength: 1, maxLength: 40 }), (values) => {
      expect([...apply(op, [Int32Array.from(values)], "int32")]).toEqual(values.map(truth));
    }),
  );
});

test("casts go towards zero and stay within int32", () => {
  fc.assert(
    fc.property(
      fc.array(floats, { minLength: 1, maxLength: 40 }),
      fc.array(integers, { minLength: 1, maxLength: 40 }),
      (values, whole) => {
        const x = Float32Array.from(values);
        expect([...apply("cast", [x], "int32")]).toEqual(
          [...x].map((n) =>
            Number.isNaN(n) ? 0 : Math.min(2147483647, Math.max(-2147483648, Math.trunc(n))) | 0,
          ),
        );
        expect([...apply("cast", [Int32Array.from(whole)], "float32")]).toEqual(whole.map(f));
        expect([...apply("cast", [x], "float32")]).toEqual([...x]);
      },
    ),
  );
});

test("where takes a side for any number but 0", () => {
  const condition = Int32Array.of(0, 1, -1, 2, 0, 256, -2147483648);
  const [a, b] = [
    Float32Array.of(1, 2, 3, 4, NaN, 6, 7),
    Float32Array.of(-1, -2, NaN, -4, -5, -6, -7),
  ];
  expect([...apply("where", [condition, a, b], "float32")]).toEqual([-1, 2, 3, 4, -5, 6, 7]);
});

test("one number everywhere, and plain copies, of any length", () => {
  for (const n of [0, 1, 3, 4, 5, 17, 64]) {
    const kernel = elementwise({
      shape: [n],
      inputs: [{ strides: [1], offset: 1 }],
      outputs: [0, 1, 0],
      body: [
        { op: "constant", value: 2.5, dtype: "float32" },
        { op: "load", input: 0, dtype: "float32" },
      ],
    });
    const x = Float32Array.from({ length: n + 1 }, (_, i) => i);
    const { run, arrays, check } = kernelRun(kernel, [
      new Float32Array(n),
      new Float32Array(n),
      new Float32Array(n),
      x,
    ]);
    run();
    check();
    expect(arrays.slice(0, 3)).toEqual([
      new Float32Array(n).fill(2.5),
      x.slice(1),
      new Float32Array(n).fill(2.5),
    ]);
  }
  const { run, arrays } = kernelRun(
    elementwise({
      shape: [],
      inputs: [],
      outputs: [0],
      body: [{ op: "constant", value: 7, dtype: "int32" }],
    }),
    [new Int32Array(1)],
  );
  run();
  expect([...arrays[0]!]).toEqual([7]);
});

test("the sigmoids of x and of −x have the bits next to each other that each has alone", () => {
  const x = Float32Array.of(0, -0, NaN, Infinity, -Infinity, 1e-30, 0.3, -0.625, 43, -44, 90, -120);
  const kernel = elementwise({
    shape: [x.length],
    inputs: [{ strides: [1], offset: 0 }],
    outputs: [2, 3],
    body: [
      { op: "load", input: 0, dtype: "float32" },
      { op: "neg", args: [0], dtype: "float32" },
      { op: "sigmoid", args: [1], dtype: "float32" },
      { op: "sigmoid", args: [0], dtype: "float32" },
    ],
  });
  const { run, arrays } = kernelRun(kernel, [x.map(() => 7), x.map(() => 7), x]);
  run();
  expect(arrays.slice(0, 2)).toEqual([
    apply("sigmoid", [x.map((a) => -a)], "float32"),
    apply("sigmoid", [x], "float32"),
  ]);
});
