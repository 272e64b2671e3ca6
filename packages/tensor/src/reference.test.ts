import { expect, test } from "vitest";
import type { NDArray } from "@tenon/contracts";
import { gradients } from "./gradients.js";
import { tensor } from "./ops/leaf.js";
import { sameTree } from "./feeds.js";
import { fed, reference } from "./reference.js";
import { placeholders } from "./trace.js";
import type { Tensor } from "./tensor.js";

const floats = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float32Array.from(data),
});
const start = {
  w: floats(1, 2),
  count: { shape: [], dtype: "int32", data: Int32Array.of(0) } as NDArray,
};
const compiled = () =>
  reference().compile(
    ({ w, count }: { w: Tensor; count: Tensor }, { x, n }: { x: Tensor; n: Tensor }) => ({
      state: { w: w.add(x), count: count.add(n) },
      outputs: { sum: w.mul(x).sum(), deep: { w } },
    }),
    start,
    { x: { shape: [2] }, n: { shape: [], dtype: "int32" } },
  );

test("a step reads the state, replaces it, and returns outputs", () => {
  const program = compiled();
  const { sum, deep } = program.step({ x: [10, 20], n: 1 });
  expect(sum).toEqual({ shape: [], dtype: "float32", data: Float32Array.of(50) });
  expect(deep.w.data).toEqual(Float32Array.of(1, 2));
  expect(program.state()).toEqual({
    w: floats(11, 22),
    count: { shape: [], dtype: "int32", data: Int32Array.of(1) },
  });
  expect(program.step({ x: Float32Array.of(1, 1), n: 5 }).sum.data[0]).toBe(33);
  expect(program.state().count.data[0]).toBe(6);
});

test("what goes in and what comes out are copies", () => {
  const from = { w: floats(1, 2), count: start.count };
  const program = reference().compile(
    ({ w, count }: { w: Tensor; count: Tensor }, x: Tensor) => ({
      state: { w, count },
      outputs: { w, x },
    }),
    from,
    { shape: [1] },
  );
  (from.w.data as Float32Array)[0] = 9;
  const feed = Float32Array.of(5);
  const out = program.step(feed);
  feed[0] = 6;
  (out.w.data as Float32Array)[0] = 7;
  (program.state().w.data as Float32Array)[1] = 8;
  expect(out.x.data[0]).toBe(5);
  expect(program.state().w.data).toEqual(Float32Array.of(1, 2));
  const saved = program.state();
  program.load(saved);
  (saved.w.data as Float32Array)[0] = 9;
  expect(program.state().w.data[0]).toBe(1);
});

test("load goes on from a saved state", () => {
  const [a, b] = [compiled(), compiled()];
  a.step({ x: [1, 1], n: 1 });
  b.load(a.state());
  expect(b.step({ x: [2, 3], n: 1 })).toEqual(a.step({ x: [2, 3], n: 1 }));
  expect(b.state()).toEqual(a.state());
});

test("a wrong state is refused with the whole difference, and the old one stays", () => {
  const program = compiled();
  const wrong = { w: floats(1, 2, 3), counter: start.count } as unknown as typeof start;
  expect(() => program.load(wrong)).toThrow(
    "load: expected the names and shapes of the start state, got missing count; unexpected " +
      "counter; w: expected float32 [2], got float32 [3]",
  );
  expect(() => program.load({ ...start, count: { ...floats(1), shape: [] } })).toThrow(
    "count: expected int32 [], got float32 []",
  );
  expect(() => program.load({ ...start, w: { ...floats(1), shape: [2] } })).toThrow(
    "load: expected 2 values for w [2], got 1",
  );
  expect(program.state()).toEqual(start);
});

test("a step that makes another state than it started with is refused", () => {
  expect(() =>
    reference().compile(
      ({ w }: { w: Tensor }) => ({ state: { w: w.sum() }, outputs: {} }),
      { w: floats(1, 2) },
      {},
    ),
  ).toThrow(
    "compile: expected the names and shapes of the start state, got w: expected float32 [2], got " +
      "float32 []",
  );
  expect(() =>
    reference().compile(
      (state) => ({ state, outputs: {} }),
      { w: { shape: [3], dtype: "float32", data: Float32Array.of(1) } },
      {},
    ),
  ).toThrow("compile: expected 3 values for w [3], got 1");
});

test("what a placeholder cannot hold is refused, and the state stays as it was", () => {
  const program = compiled();
  expect(() => program.step({ x: [1, 2, 3], n: 1 })).toThrow(
    "step: expected x (float32 [2]), got 3 values",
  );
  expect(() => program.step({ x: { ...floats(1, 2), shape: [2, 1] }, n: 1 })).toThrow(
    "step: expected x (float32 [2]), got float32 [2, 1]",
  );
  expect(() => program.step({ x: [1, 2] } as never)).toThrow(
    "step: expected n (int32 []), got nothing",
  );
  expect(() => program.step({ x: [1, 2], n: 0.5 })).toThrow(
    "step: expected n (int32 []) of integers, got 0.5",
  );
  expect(() =>
    program.step({ x: { shape: [2], dtype: "int32", data: Int32Array.of(1, 2) }, n: 1 }),
  ).toThrow("step: expected x (float32 [2]), got int32 [2]");
  expect(program.state()).toEqual(start);
  const alone = reference().compile(
    (state, x: Tensor) => ({ state, outputs: x }),
    {},
    { shape: [2] },
  );
  expect(() => alone.step(1)).toThrow("step: expected input (float32 [2]), got 1 values");
});

test("a step that throws while it runs leaves the state as it was", () => {
  const program = reference().compile(
    ({ w }: { w: Tensor }, indices: Tensor) => ({
      state: { w: w.add(1) },
      outputs: w.gather(indices),
    }),
    { w: floats(1, 2) },
    { shape: [1], dtype: "int32" },
  );
  expect(() => program.step([5])).toThrow("gather: expected indices below 2");
  expect(program.state().w).toEqual(floats(1, 2));
});

test("inputs may be in branches, under names with slashes too", () => {
  const program = reference().compile(
    (state, { batch }: { batch: { x: Tensor; "a/b": Tensor } }) => ({
      state,
      outputs: { y: batch.x.mul(batch["a/b"]), "y/z": batch.x },
    }),
    {},
    { batch: { x: { shape: [] }, "a/b": { shape: [] } } },
  );
  const { y, "y/z": z } = program.step({ batch: { x: 2, "a/b": 5 } });
  expect([y.data[0], z.data[0]]).toEqual([10, 2]);
});

test("float64 keeps all digits of its feeds, of constants and of the state", () => {
  const double = reference({ precision: "float64" });
  expect(double.name).toBe("reference (float64)");
  const program = double.compile(
    ({ w }: { w: Tensor }, x: Tensor) => ({
      state: { w: w.add(x) },
      outputs: { y: x.add(0.1), g: gradients(x.mul(x).mul(0.1), x) },
    }),
    { w: { shape: [], dtype: "float32", data: Float64Array.of(0.1) } },
    { shape: [] },
  );
  const { y, g } = program.step(0.2);
  expect(y.data).toEqual(Float64Array.of(0.2 + 0.1));
  expect(g.data[0]).toBeCloseTo(0.04, 15);
  expect(program.state().w.data).toEqual(Float64Array.of(0.1 + 0.2));
  expect(reference()).toMatchObject({ name: "reference", threads: 1 });
});

test("a state that is one array, and no state", () => {
  const program = reference().compile(
    (w: Tensor, x: Tensor) => ({ state: w.add(x), outputs: {} }),
    floats(1),
    { shape: [1] },
  );
  expect(program.step([2])).toEqual({});
  expect(program.state()).toEqual(floats(3));
});

test("its parts, for other engines: placeholders, sameTree, fed", () => {
  const inputs = placeholders({ x: { shape: [2] }, n: { shape: [], dtype: "int32" } }) as {
    x: Tensor;
    n: Tensor;
  };
  expect(inputs.x).toMatchObject({ shape: [2], dtype: "float32", attrs: { name: "x" } });
  expect(inputs.n.dtype).toBe("int32");
  const values = fed(inputs, { n: 3, x: [1, 2] });
  expect(values.map(([to]) => to)).toEqual([inputs.x, inputs.n]);
  expect(values[1]![1]).toEqual({ shape: [], dtype: "int32", data: Int32Array.of(3) });
  expect(
    sameTree(
      "check",
      { b: { shape: [1] }, a: { shape: [] } },
      { a: tensor(1), b: tensor([2]) },
    ).map((x) => x.shape),
  ).toEqual([[1], []]);
  expect(() => sameTree("check", { a: { shape: [] } }, {})).toThrow(
    "check: expected the names and shapes of the start state, got missing a",
  );
});
