import fc from "fast-check";
import type { Engine, NDArray } from "@tenon/contracts";
import {
  argMax,
  argMin,
  concat,
  cumprod,
  cumsum,
  floor,
  full,
  gradients,
  oneHot,
  pad,
  prod,
  reference,
  scatterAdd,
  scatterAlong,
  slice,
  tensor,
  type Tensor,
  where,
} from "@tenon/tensor";
import { beforeAll, expect, test } from "vitest";
import { wasm } from "./engine.js";

let engines: readonly Engine<Tensor>[];
beforeAll(async () => {
  engines = [await wasm({ threads: 1 }), reference()];
});

/** The outputs of a function on both engines. */
function both(
  inputs: Record<string, NDArray>,
  f: (x: Record<string, Tensor>) => Record<string, Tensor>,
): Record<string, NDArray>[] {
  return engines.map(
    (engine) =>
      engine
        .compile(
          (state, x) => ({ state, outputs: f(x as Record<string, Tensor>) }),
          {} as Record<string, NDArray>,
          inputs,
        )
        .step(inputs as never) as Record<string, NDArray>,
  );
}
const ints = (data: readonly number[], shape: readonly number[] = [data.length]): NDArray => ({
  shape,
  dtype: "int32",
  data: Int32Array.from(data),
});

test("sums of an integer that is everywhere are exact, and wrap around", () => {
  for (const value of [12345679, -12345679, 2147483647, -2147483648, 16777217, 1])
    for (const { data } of both({}, () => ({
      rows: full([3, 7], value, "int32").sum(0),
      all: full([3, 7], value, "int32").sum(),
      none: full([0, 7], value, "int32").sum(0),
    })).map(({ rows, all, none }) => ({ data: [rows, all, none].map((x) => [...x!.data]) })))
      expect(data).toEqual([
        new Array(7).fill(Math.imul(value, 3)),
        [Math.imul(value, 21)],
        new Array(7).fill(0),
      ]);
});

type Make = (a: Tensor, b: Tensor) => Tensor;
const pairs: Record<string, Make> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  maximum: (a, b) => a.maximum(b),
  minimum: (a, b) => a.minimum(b),
  remainder: (a, b) => a.remainder(b),
  equal: (a, b) => a.equal(b),
  less: (a, b) => a.less(b),
  greaterEqual: (a, b) => a.greaterEqual(b),
  where: (a, b) => where(a.greater(b), a, b),
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  sign: (a) => a.sign(),
  square: (a) => a.square(),
  relu: (a) => a.relu(),
  floor: (a) => floor(a),
  sum: (a, b) => a.sub(b.sum(0, true)),
  prod: (a) => prod(a, 1, true).add(a),
  max: (a) => a.max(0, true).sub(a),
  min: (a) => a.min().add(a),
  argMax: (a) => argMax(a, 0, true).add(a),
  argMin: (a) => argMin(a, 1, true).sub(a),
  cumsum: (a) => cumsum(a, 1),
  cumprod: (a) => cumprod(a, 0),
  transpose: (a, b) => a.sub(b.transpose().reshape(b.shape)),
  pad: (a) =>
    slice(
      pad(
        a,
        [
          [1, 0],
          [0, 1],
        ],
        2147483647,
      ),
      [1, 1],
    ).add(a),
  concat: (a, b) => slice(concat([a, b], 1), [0, 2], [2, 5]),
  gather: (a) => a.gather(tensor(Int32Array.of(1, 0))),
  takeAlong: (a, b) => a.takeAlong(b.remainder(2), 0),
  cast: (a, b) => a.cast("float32").cast("int32").add(b),
  oneHot: (a) => oneHot(a.remainder(3), 3).cast("int32").sum(2).add(a),
};
test("no integer passes through float32: any record of integers, with constants among them, is the same on both engines", () => {
  const edge = fc.oneof(
    fc.integer(),
    fc.constantFrom(0, 1, -1, 2147483647, -2147483648, 16777217, -16777217, 12345679),
  );
  const elements = fc.array(edge, { minLength: 6, maxLength: 6 });
  const operations = fc.array(
    fc.tuple(fc.constantFrom(...Object.keys(pairs)), fc.nat(20), fc.nat(20)),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(elements, elements, edge, operations, (a, b, c, chosen) => {
      const [ours, theirs] = both({ a: ints(a, [2, 3]) }, ({ a: x }) => {
        const values = [
          x!,
          tensor(Int32Array.from(b), [2, 3]),
          full([2, 3], c, "int32"),
          tensor(c, [], "int32").broadcastTo([2, 3]),
        ];
        for (const [name, i, j] of chosen)
          values.push(pairs[name]!(values[i % values.length]!, values[j % values.length]!));
        return Object.fromEntries(values.map((value, i) => [`${i}`, value]));
      });
      for (const key of Object.keys(theirs!))
        expect(ours![key], `${key} of ${JSON.stringify(chosen)}`).toEqual(theirs![key]);
    }),
    { numRuns: 200 },
  );
});

test("casts, both ways, are the same", () => {
  const floats: NDArray = {
    shape: [12],
    dtype: "float32",
    data: Float32Array.of(
      NaN,
      Infinity,
      -Infinity,
      2147483520,
      2147483648,
      -2147483648,
      -3e9,
      1.9,
      -1.9,
      -0,
      16777217,
      0.5,
    ),
  };
  const [ours, theirs] = both(
    { floats, n: ints([16777217, 2147483647, -2147483647, 33554435]) },
    ({ floats: x, n }) => ({ whole: x!.cast("int32"), real: n!.cast("float32"), half: n!.div(2) }),
  );
  expect(ours).toEqual(theirs);
});

test("many values at one place are summed as float64 sums them: gathers, takes and embeddings, forwards and in gradients", async () => {
  const many = 2 ** 18;
  const engine = engines[0]!;
  const tenth = Math.fround(0.1);
  const right = Math.fround(many * tenth);
  const inputs = { y: { shape: [many] }, indices: { shape: [many], dtype: "int32" } } as const;
  const step = (state: Record<never, Tensor>, { y, indices }: { y: Tensor; indices: Tensor }) => {
    const w = tensor([1, 1, 1]);
    const table = w.reshape([3, 1]);
    return {
      state,
      outputs: {
        add: scatterAdd(y, indices, 3),
        along: scatterAlong(y, indices, 3, 0),
        gather: gradients(w.gather(indices).mul(y).sum(), w),
        take: gradients(w.takeAlong(indices, 0).mul(y).sum(), w),
        embedding: gradients(
          table
            .gather(indices.reshape([2, -1]))
            .mul(y.reshape([2, -1, 1]))
            .sum(),
          table,
        ).reshape([3]),
      },
    };
  };
  const feed = { y: new Float32Array(many).fill(0.1), indices: new Int32Array(many).fill(1) };
  const outputs = engine.compile(step, {}, inputs).step(feed);
  for (const [name, { data }] of Object.entries(outputs))
    expect([...data], name).toEqual([0, right, 0]);
  // Any number of threads has the same bits.
  const others = (await wasm({ threads: 2 })).compile(step, {}, inputs).step(feed);
  expect(others).toEqual(outputs);
});

test("2²⁵ ones at one place are 2²⁵", () => {
  const many = 2 ** 25;
  const program = engines[0]!.compile(
    (state, { indices }: { indices: Tensor }) => ({
      state,
      outputs: { add: scatterAdd(full([many], 1), indices, 2) },
    }),
    {},
    { indices: { shape: [many], dtype: "int32" } },
  );
  expect([...program.step({ indices: new Int32Array(many).fill(1) }).add.data]).toEqual([0, many]);
});
