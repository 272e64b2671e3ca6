import fc from "fast-check";
import { expect, test } from "vitest";
import { elementwise } from "./elementwise.js";
import type { BodyNode, Loop, UnaryOp } from "./loop.js";
import { kernelRun } from "./runKernel.js";

const one = (op: UnaryOp, n: number): Loop => ({
  shape: [n], inputs: [{ strides: [1], offset: 0 }], outputs: [{ node: 1 }],
  body: [{ op: "load", input: 0, dtype: "float32" }, { op, args: [0], dtype: "float32" }],
});

function apply(op: UnaryOp, xs: readonly number[]): Float32Array {
  const { run, arrays } = kernelRun(elementwise(one(op, xs.length)), [new Float32Array(xs.length), Float32Array.from(xs)]);
  run();
  return arrays[0] as Float32Array;
}

/** In units of the last place of the float32 nearest to the truth. */
function ulps(got: number, truth: number): number {
  const near = Math.fround(truth);
  if (Object.is(got, near) || got === near || (Number.isNaN(got) && Number.isNaN(near))) return 0;
  const size = Math.max(Math.abs(near), 1.17549435e-38);
  return Math.abs(got - truth) / (2 ** (Math.floor(Math.log2(size)) - 23));
}

const erf = (x: number): number => {
  // ∫ by Simpson's rule: slow, but nobody else's formula.
  const n = 2000, h = x / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) sum += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2));
  return ((2 / Math.sqrt(Math.PI)) * sum * h) / 3;
};
const range = (low: number, high: number, n = 4001): number[] => Array.from({ length: n }, (_, i) => Math.fround(low + ((high - low) * i) / (n - 1)));
const scale = (low: number, high: number): number[] => range(low, high).flatMap((p) => [Math.fround(2 ** p), -Math.fround(2 ** p)]);

test.each<[UnaryOp, (x: number) => number, number[], number]>([
  ["exp", Math.exp, range(-103, 89), 2],
  ["expm1", Math.expm1, [...range(-20, 88.5), ...scale(-40, 0)], 3],
  ["log", Math.log, scale(-149, 127.9), 2],
  ["log1p", Math.log1p, [...range(-0.999, 20), ...scale(-40, 60)], 4],
  ["tanh", Math.tanh, [...range(-12, 12), ...scale(-40, 3)], 3],
  ["sigmoid", (x) => 1 / (1 + Math.exp(-x)), range(-80, 80), 4],
  ["erf", erf, range(-5, 5, 1001), 6],
  ["sin", Math.sin, range(-1000, 1000), 1],
  ["cos", Math.cos, range(-1000, 1000), 1],
  ["sqrt", Math.sqrt, scale(-140, 127.9), 0.5],
])("%s is within %s units of the last place", (op, truth, xs, most) => {
  const got = apply(op, xs);
  let worst = 0, at = 0;
  xs.forEach((x, i) => {
    const off = ulps(got[i]!, truth(x));
    if (off > worst || Number.isNaN(off)) [worst, at] = [off, x];
  });
  expect(worst, `at ${at}`).toBeLessThanOrEqual(most);
});

test("special values", () => {
  const xs = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 3.4e38, -3.4e38];
  for (const [op, truth] of [["exp", Math.exp], ["expm1", Math.expm1], ["log", Math.log], ["log1p", Math.log1p], ["tanh", Math.tanh], ["sigmoid", (x: number) => 1 / (1 + Math.exp(-x))], ["neg", (x: number) => -x], ["abs", Math.abs], ["floor", Math.floor], ["ceil", Math.ceil]] as const)
    xs.forEach((x, i) => expect(ulps(apply(op, xs)[i]!, truth(Math.fround(x))), `${op} ${x}`).toBeLessThanOrEqual(4));
  expect([...apply("round", [0.5, 1.5, 2.5, -0.5, -1.5])]).toEqual([0, 2, 2, -0, -2]);
  expect([...apply("sign", [3, -2, 0, NaN])]).toEqual([1, -1, 0, NaN]);
  expect([...apply("relu", [3, -2, NaN])]).toEqual([3, 0, NaN]);
});

test("pow and remainder against JavaScript's own", () => {
  const body = (op: "pow" | "remainder"): BodyNode[] => [{ op: "load", input: 0, dtype: "float32" }, { op: "load", input: 1, dtype: "float32" }, { op, args: [0, 1], dtype: "float32" }];
  const a = [2, 3, -2, -2, 0, 0, 5, 1.5, 10, 0.1, -3, 7, 2, 1e-20, 1e20, Infinity];
  const b = [10, 0.5, 3, 0.5, 2, -1, 0, -7.25, 30, 20, 2, -3, 127, 2, 1.5, -1];
  const run = (op: "pow" | "remainder"): Float32Array => {
    const { run, arrays } = kernelRun(elementwise({ shape: [a.length], inputs: [{ strides: [1], offset: 0 }, { strides: [1], offset: 0 }], outputs: [{ node: 2 }], body: body(op) }), [new Float32Array(a.length), Float32Array.from(a), Float32Array.from(b)]);
    run();
    return arrays[0] as Float32Array;
  };
  run("pow").forEach((got, i) => expect(ulps(got, Math.fround(a[i]!) ** Math.fround(b[i]!)), `${a[i]} ** ${b[i]}`).toBeLessThanOrEqual(1));
  const mod = (x: number, y: number): number => { const r = x % y; return r !== 0 && r < 0 !== y < 0 ? r + y : r; };
  run("remainder").slice(0, 12).forEach((got, i) => {
    if (b[i] !== 0) expect(got, `${a[i]} mod ${b[i]}`).toBeCloseTo(mod(Math.fround(a[i]!), Math.fround(b[i]!)), 5);
  });
});

const sizes = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 16, 33), { minLength: 0, maxLength: 4 });

test("any shape, broadcast and transposed, in any pieces", () => {
  fc.assert(fc.property(sizes.chain((shape) => fc.record({
    shape: fc.constant(shape),
    order: fc.shuffledSubarray(shape.map((_, i) => i), { minLength: shape.length }),
    repeated: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    offset: fc.nat(3),
    cut: fc.nat(5),
  })), ({ shape, order, repeated, offset, cut }) => {
    const size = shape.reduce<number>((s, n) => s * n, 1);
    // One input lies in another order of axes, the other repeats some of them and starts late.
    const transposed = new Array<number>(shape.length), broadcast = new Array<number>(shape.length).fill(0);
    let step = 1;
    for (const axis of [...order].reverse()) { transposed[axis] = step; step *= shape[axis]!; }
    let small = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) if (!repeated[axis]) { broadcast[axis] = small; small *= shape[axis]!; }
    const a = Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i + 1)));
    const b = Int32Array.from({ length: small + offset }, (_, i) => (i * 7) % 11 - 5);
    const kernel = elementwise({
      shape, inputs: [{ strides: transposed, offset: 0 }, { strides: broadcast, offset }],
      body: [
        { op: "load", input: 0, dtype: "float32" }, { op: "load", input: 1, dtype: "int32" }, { op: "constant", value: 0, dtype: "int32" },
        { op: "greater", args: [1, 2], dtype: "int32" }, { op: "cast", args: [1], dtype: "float32" }, { op: "mul", args: [0, 4], dtype: "float32" },
        { op: "where", args: [3, 5, 0], dtype: "float32" },
      ],
      outputs: [{ node: 6 }, { node: 3 }],
    });
    const { run, arrays } = kernelRun(kernel, [new Float32Array(size), new Int32Array(size), a, b]);
    const middle = Math.min(cut, kernel.pieces);
    run([[middle, kernel.pieces], [0, middle]]);
    for (let i = 0; i < size; i++) {
      let rest = i, x = 0, y = offset;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const index = rest % shape[axis]!;
        rest = Math.floor(rest / shape[axis]!);
        x += index * transposed[axis]!;
        y += index * broadcast[axis]!;
      }
      expect(arrays[0]![i]).toBe(b[y]! > 0 ? Math.fround(a[x]! * b[y]!) : a[x]!);
      expect(arrays[1]![i]).toBe(b[y]! > 0 ? 1 : 0);
    }
  }), { numRuns: 300 });
});
