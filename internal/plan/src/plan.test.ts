import type { NDArray } from "@tenon/contracts";
import {
  clock,
  conv2d,
  gradients,
  maxPool2d,
  placeholders,
  sizeOf,
  tensor,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";
import type { Plan } from "./plan.js";
import { epiloguesBy } from "./fuse/epilogues.js";
import { tinyEngine } from "./testing/tinyEngine.js";

type Tensors = Record<string, Tensor>;
type Changes = Parameters<typeof tinyEngine>[0];
type Shapes = Record<string, readonly number[]>;

/**
 * Plans a step of float32 arrays for the tiny engine; results with the name of an input replace it.
 */
function planned(shapes: Shapes, step: (x: Tensors) => Tensors, backend?: Changes): Plan<unknown> {
  const arrays = Object.entries(shapes).map(([name, shape]): [string, NDArray] => [
    name,
    { shape, dtype: "float32", data: new Float32Array(sizeOf(shape)) },
  ]);
  const results = Object.keys(step(placeholders(Object.fromEntries(arrays)) as Tensors));
  const select = <V>(entries: readonly [string, V][], isState: boolean): Record<string, V> =>
    Object.fromEntries(
      entries.filter(([name]) => (name in shapes && results.includes(name)) === isState),
    );
  return tinyEngine(backend).compile(
    (state: Tensors, inputs: Tensors) => {
      const entries = Object.entries(step({ ...state, ...inputs }));
      return { state: select(entries, true), outputs: select(entries, false) };
    },
    select(arrays, true),
    select(arrays, false),
  ).plan;
}

/** The operations of each step; of several kernels in a row for one operation, once. */
const labels = ({ steps }: Plan<unknown>): string[] =>
  steps.map(({ label }) => label).filter((label, i, all) => label !== all[i - 1]);

test("elementwise operations in a row are one loop, which stores only its result", () => {
  const { steps } = planned({ x: [100], b: [1] }, ({ x, b }) => ({
    y: x!.mul(2).add(b!).tanh().square().sub(x!),
  }));
  expect(steps).toHaveLength(1);
  const [{ operands, writes, fused }] = steps as [(typeof steps)[number]];
  expect(operands).toHaveLength(3);
  expect(writes).toEqual([0]);
  expect(fused).toBe(5);
});

test("an expression is computed in the reduction that reads it", () => {
  expect(labels(planned({ x: [8, 100] }, ({ x }) => ({ y: x!.square().sum() })))).toEqual(["sum"]);
  // Expensive values are computed once: the exponentials of a softmax are stored, the cheap
  // differences are not.
  const softmax = planned({ x: [8, 100] }, ({ x }) => ({ y: x!.softmax() }));
  expect(labels(softmax)).toEqual(["max", "exp", "sum", "div"]);
});

test("Adam is one loop over a parameter, its slots and its gradient, in place", () => {
  const { steps } = planned(
    { w: [50, 20], m: [50, 20], v: [50, 20], g: [50, 20], t: [] },
    ({ w, m, v, g, t }) => {
      const mean = m!.mul(0.9).add(g!.mul(0.1));
      const square = v!.mul(0.999).add(g!.square().mul(0.001));
      const [a, b] = [1, 2].map((k) => clock(t!).value((step) => k + step)) as [Tensor, Tensor];
      const update = mean.mul(a).div(square.mul(b).sqrt().add(1e-8));
      return { w: w!.sub(update), m: mean, v: square };
    },
  );
  expect(steps).toHaveLength(1);
  const [{ operands, writes }] = steps as [(typeof steps)[number]];
  expect(writes).toEqual([0, 1, 2]);
  const read = operands.slice(writes.length);
  expect(read).toHaveLength(6);
  for (const written of operands.slice(0, writes.length)) expect(read).toContain(written);
});

test("equal values are computed once, and constant scalars are folded", () => {
  const twice = planned({ x: [9] }, ({ x }) => ({ y: x!.exp().add(x!.exp()) }));
  expect(twice.steps.map(({ fused }) => fused)).toEqual([2]);
  const folded = planned({ x: [9] }, ({ x }) => ({
    y: x!.mul(tensor(3).mul(2).sub(5)).sub(tensor(0)).square(),
  }));
  expect(folded.steps.map(({ fused }) => fused)).toEqual([1]);
});

test("a transpose is an attribute of the matrix product that reads it", () => {
  const product = planned({ a: [4, 5], b: [6, 5] }, ({ a, b }) => ({
    y: a!.matmul(b!.transpose()),
  }));
  expect(labels(product)).toEqual(["matmul"]);
});

test("a state that is read after its new value is computed is copied at the end", () => {
  // The next a is a product of a with itself: every element is read after the first is written.
  const squared = planned({ a: [4, 4] }, ({ a }) => ({ a: a!.matmul(a!) }));
  expect(labels(squared)).toEqual(["matmul", "copy of state"]);
  // Others that read the state come first.
  const ordered = planned({ a: [4, 4], b: [4, 4] }, ({ a, b }) => ({
    a: a!.add(1),
    b: b!.matmul(a!),
  }));
  expect(labels(ordered)).toEqual(["matmul", "add", "copy of state"]);
});

test("no two arrays that are in use at the same time share memory", () => {
  const { steps, offsets } = planned({ x: [64, 64] }, ({ x }) => {
    let y = x!;
    for (let i = 0; i < 6; i++) y = y.matmul(x!).tanh();
    return { loss: y.sum(), ...gradients(y.sum(), { dx: x! }) };
  });
  const lastUse = new Map(
    steps.flatMap(({ operands }, i) => operands.map((buffer) => [buffer, i] as const)),
  );
  for (const [i, { operands }] of steps.entries()) {
    const earlier = steps.slice(0, i).flatMap((step) => step.operands);
    const inUse = new Set([...operands, ...earlier.filter((x) => lastUse.get(x)! >= i)]);
    const ranges = [...inUse]
      .map((buffer) => [offsets.get(buffer)!, offsets.get(buffer)! + buffer.bytes] as const)
      .sort((a, b) => a[0] - b[0]);
    for (let k = 1; k < ranges.length; k++)
      expect(ranges[k]![0]).toBeGreaterThanOrEqual(ranges[k - 1]![1]);
  }
});

test("pools and convolutions are fused as the engine's description says", () => {
  const step = ({ x, w }: Tensors): Tensors =>
    gradients(maxPool2d(conv2d(x!, w!).relu(), 2).square().sum(), { dw: w! });
  const shapes: Shapes = { x: [2, 6, 6, 3], w: [3, 3, 3, 4] };
  const convOrPool = (backend?: Changes): string[] =>
    labels(planned(shapes, step, backend)).filter((label) => /conv|pool|Pool/.test(label));
  // The convolution is chained to the loop of its ReLU; the mask is applied before unpooling.
  expect(convOrPool()).toEqual([
    "conv2d relu",
    "argMaxPool2d gatherPool2d",
    "unpool2d",
    "conv2dFilter",
  ]);
  const fewer: Changes = {
    rules: [],
    siblings: [],
    epilogues: epiloguesBy([]),
    chain: (steps) => steps,
  };
  const single = ["conv2d", "argMaxPool2d", "gatherPool2d", "unpool2d", "conv2dFilter"];
  expect(convOrPool(fewer)).toEqual(single);
});
