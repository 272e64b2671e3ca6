import type { NDArray } from "@tenon/contracts";
import { conv2d, gradients, reference, sizeOf, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import { tinyEngine, type TinyProgram } from "../testing/tinyEngine.js";
import { epiloguesBy } from "./epilogues.js";
import { convGradientsGroup } from "./siblings.js";
import { reductionPrologue, type Epilogue, type Prologue } from "./traits.js";

// What rows of a backend's description mean where several of them concern one node.

type Tensors = Record<string, Tensor>;
type Backend = NonNullable<Parameters<typeof tinyEngine>[0]>;

const inputs = {
  x: { shape: [1, 4, 4, 2] },
  w: { shape: [3, 3, 2, 3] },
  v: { shape: [1, 1, 3, 2] },
  a: { shape: [5, 5] },
  b: { shape: [5, 5] },
};
const feeds = Object.fromEntries(
  Object.entries(inputs).map(([name, { shape }]): [string, NDArray] => {
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i % 7) - 3);
    return [name, { shape, dtype: "float32", data }];
  }),
);

const stepOf = (outputs: (x: Tensors) => Tensors) => (state: Tensors, given: Tensors) => ({
  state,
  outputs: outputs(given),
});
type Program = TinyProgram<unknown, typeof feeds, Record<string, NDArray>>;
const compiled = (outputs: (x: Tensors) => Tensors, backend: Backend): Program =>
  tinyEngine(backend).compile(stepOf(outputs), {}, inputs) as unknown as Program;
const labels = (outputs: (x: Tensors) => Tensors, backend: Backend): string[] => [
  ...new Set(compiled(outputs, backend).plan.steps.map(({ label }) => label)),
];
const epilogue = (op: string, fits = true, reads = true): Epilogue => ({
  op,
  fits: () => fits,
  reads: () => reads,
});

describe("epilogues", () => {
  test("leave the siblings of an operation with it, and a sibling with its group", () => {
    const siblings = [convGradientsGroup(() => true)];
    const step = ({ x, w }: Tensors): Tensors => {
      const { dx, dw } = gradients(conv2d(x!, w!).square().sum(), { dx: x!, dw: w! });
      return { dx: dx.mul(3), dw: dw.mul(2) };
    };
    const want = (reference().compile(stepOf(step), {}, inputs) as unknown as Program).step(feeds);
    for (const op of ["conv2dInput", "conv2dFilter"]) {
      const program = compiled(step, { siblings, epilogues: epiloguesBy([epilogue(op)]) });
      const steps = program.plan.steps.map(({ label }) => label);
      expect(steps.slice(-3).sort()).toEqual(["conv2dInput conv2dFilter", "mul", "mul"]);
      const got = program.step(feeds);
      for (const name of ["dx", "dw"])
        got[name]!.data.forEach((value, i) => expect(value).toBeCloseTo(want[name]!.data[i]!, 3));
    }
  });

  test("do not take an operation whose result a sibling reads from memory", () => {
    const siblings = [convGradientsGroup(() => true)];
    const step = ({ x, w, v }: Tensors): Tensors => {
      const image = conv2d(x!, w!);
      const { dx, dv } = gradients(conv2d(image, v!).mul(2).sum(), { dx: image, dv: v! });
      return { y: image.tanh(), dx: dx!, dv: dv! };
    };
    const want = (reference().compile(stepOf(step), {}, inputs) as unknown as Program).step(feeds);
    const got = compiled(step, { siblings, epilogues: epiloguesBy([epilogue("conv2d")]) }).step(
      feeds,
    );
    for (const name of ["y", "dx", "dv"])
      got[name]!.data.forEach((value, i) => expect(value).toBeCloseTo(want[name]!.data[i]!, 3));
  });

  test("of one operation are tried one after the other", () => {
    const step = ({ a, b }: Tensors): Tensors => ({ y: a!.matmul(b!).tanh() });
    const rows = [epilogue("matmul"), epilogue("matmul", false), epilogue("matmul", true, false)];
    expect(labels(step, { epilogues: epiloguesBy(rows) })).toEqual(["matmul tanh"]);
    expect(labels(step, { epilogues: epiloguesBy([...rows].reverse()) })).toEqual(["matmul tanh"]);
    expect(labels(step, { epilogues: epiloguesBy(rows.slice(1)) })).toEqual(["matmul", "tanh"]);
  });
});

describe("prologues", () => {
  test("compute an expression only if each of its readers can read its operands", () => {
    const any: Prologue = { ops: ["max"], reads: () => true };
    const none: Prologue = { ops: ["sum"], reads: () => false };
    const step = ({ a }: Tensors): Tensors => {
      const y = a!.add(1);
      return { sum: y.sum(), max: y.max() };
    };
    expect(labels(step, { prologues: [any, none] })).toEqual(["add", "sum", "max"]);
    const other = { ops: ["max"], reads: () => false };
    expect(labels(step, { prologues: [{ ops: ["sum"] }, other] })).toEqual(["add", "sum", "max"]);
    expect(labels(step, { prologues: [reductionPrologue] })).toEqual(["sum", "max"]);
  });

  test("compute the inputs that they name, and no others", () => {
    const left: Prologue = { ops: ["matmul"], inputs: [0] };
    const options = { prologues: [left] };
    expect(labels(({ a, b }) => ({ y: a!.neg().matmul(b!) }), options)).toEqual(["matmul"]);
    expect(labels(({ a, b }) => ({ y: a!.matmul(b!.neg()) }), options)).toEqual(["neg", "matmul"]);
    const twice = ({ a }: Tensors): Tensors => {
      const y = a!.neg();
      return { y: y.matmul(y) };
    };
    expect(labels(twice, options)).toEqual(["neg", "matmul"]);
  });
});

test("a value that no kernel stores is refused when the step is planned", () => {
  const nothing = { scratch: 0, flops: 1, run: () => {} };
  const kernels = { matmul: [{ make: () => ({ kernel: nothing, results: [] }) }] };
  const product = ({ a, b }: Tensors): Tensors => ({ y: a!.matmul(b!) });
  expect(() => compiled(product, { kernels })).toThrow(
    'tiny: expected a kernel that stores "matmul", got none',
  );
  const { a, b } = feeds;
  expect(() =>
    tinyEngine({ kernels }).compile(
      ({ a, b }: Tensors) => ({ state: { a: a!.matmul(b!), b: b! }, outputs: {} }),
      { a: a!, b: b! },
      {},
    ),
  ).toThrow('expected a kernel that stores "matmul"');
});
