import {
  allFinite,
  gatherPool2d,
  gradients,
  reference,
  scatterAdd,
  scatterAlong,
  slice,
  tensor,
  type Tensor,
  unpool2d,
  where,
} from "@tenon/tensor";
import type { Engine, NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wasm } from "./engine.js";

const engines: readonly Engine<Tensor>[] = [
  reference(),
  await wasm({ threads: 1 }),
  await wasm({ threads: 2 }),
];
const rows = 3000;
const n = 3;
const width = 4; // enough for two threads to share

interface Values {
  readonly w: Tensor;
  readonly table: Tensor;
  readonly indices: Tensor;
  readonly each: Tensor;
}
type Rule = (values: Values) => {
  readonly w?: Tensor;
  readonly table?: Tensor;
  readonly y: Tensor;
};

/** How a step uses indices, and how it changes its state. */
const rules: Readonly<Record<string, Rule>> = {
  "gather, and a state that has nothing to do with it": ({ w, table, indices }) => ({
    w: w.add(1),
    y: table.gather(indices),
  }),
  "gather from what was replaced": ({ table, indices }) => ({
    table: table.add(1),
    y: table.add(1).gather(indices),
  }),
  "gather that replaces a state": ({ w, table, indices }) => ({
    w: table.gather(indices).add(0),
    table: table.mul(2),
    y: w.sum(),
  }),
  "gather that is a state": ({ table, indices }) => ({ w: table.gather(indices), y: table }),
  "an embedding that learns": ({ w, table, indices }) => {
    const grad = gradients(table.gather(indices).mul(w).square().sum(), { w, table });
    return { w: w.sub(grad.w!), table: table.sub(grad.table!), y: w.sum() };
  },
  takeAlong: ({ w, each }) => ({ w: w.add(1), y: w.takeAlong(each, 1) }),
  "takeAlong of what was replaced": ({ w, each }) => ({
    w: w.add(1),
    y: slice(w.add(1), [0, 0], [rows, n]).takeAlong(each, 1),
  }),
  scatterAdd: ({ w, table, indices }) => ({
    w: w.mul(2),
    table: scatterAdd(w, indices, n).add(table),
    y: w.sum(),
  }),
  "scatterAdd that is a state": ({ w, indices }) => ({
    table: scatterAdd(w, indices, n),
    w: w.mul(2),
    y: w.sum(),
  }),
  scatterAlong: ({ w, each }) => ({
    w: scatterAlong(slice(w, [0, 0], [rows, 2]), each, n, 1)
      .sum(1, true)
      .add(w),
    y: w.sum(),
  }),
  "scatterAlong that is a state": ({ w, each }) => ({
    w: scatterAlong(slice(w, [0, 0], [rows, 2]), each, width, 1),
    y: w.mean(),
  }),
  gatherPool2d: ({ w, each }) => ({
    w: w.add(1),
    y: gatherPool2d(
      slice(w, [0, 0], [rows, n]).reshape([rows, n, 1, 1]),
      each.reshape([rows, 2, 1, 1]),
    ),
  }),
  unpool2d: ({ w, each }) => ({
    w: unpool2d(
      slice(w, [0, 0], [rows, 2]).reshape([rows, 2, 1, 1]),
      each.reshape([rows, 2, 1, 1]),
      [n, 1],
    )
      .reshape([rows, n])
      .sum(1, true)
      .add(w),
    y: w.sum(),
  }),
  "two at once": ({ w, table, indices, each }) => ({
    w: w.add(table.gather(indices)),
    table: table.add(1),
    y: w.takeAlong(each, 1),
  }),
  "two at once, the other first": ({ w, table, indices, each }) => ({
    w: w.add(w.takeAlong(each, 1).sum()),
    table: table.mul(2),
    y: table.gather(indices),
  }),
  "indices that are used twice": ({ w, table, indices }) => ({
    table: scatterAdd(w, indices, n),
    w: w.add(1),
    y: table.gather(indices),
  }),
  "cross entropy alone": ({ w, table, indices }) => {
    const loss = w
      .matmul(table.transpose())
      .logSoftmax()
      .takeAlong(indices.reshape([rows, 1]), 1)
      .mean()
      .neg();
    const grad = gradients(loss, { w, table });
    return { w: w.sub(grad.w!), table: table.sub(grad.table!), y: loss };
  },
  "cross entropy, and a step that is taken back": ({ w, table, indices }) => {
    const loss = w
      .matmul(table.transpose())
      .logSoftmax()
      .takeAlong(indices.reshape([rows, 1]), 1)
      .mean()
      .neg();
    const grad = gradients(loss, { w, table });
    const next = w.sub(grad.w!);
    const all = allFinite([loss, next]);
    return { w: where(all, next, w), table: table.sub(grad.table!), y: loss };
  },
};

const array = (shape: readonly number[], valueOf: (i: number) => number): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => valueOf(i)),
});
const start = {
  w: array([rows, width], (i) => Math.sin(i)),
  table: array([n, width], (i) => Math.cos(i)),
};

function compiled(engine: Engine<Tensor>, rule: Rule) {
  const step = (
    { w, table }: Record<string, Tensor>,
    { indices, each }: Record<string, Tensor>,
  ) => {
    const { y, ...next } = rule({ w: w!, table: table!, indices: indices!, each: each! });
    return { state: { w: next.w ?? w!, table: next.table ?? table! }, outputs: { y } };
  };
  return engine.compile(
    step as never,
    start as never,
    {
      indices: { shape: [rows], dtype: "int32" },
      each: { shape: [rows, 2], dtype: "int32" },
    } as never,
  ) as unknown as { step(feeds: object): Record<string, NDArray>; state(): unknown };
}

describe.each(Object.entries(rules))("an index out of range, in %s,", (_, rule) => {
  test("is refused by all engines with one sentence, and nothing was changed", () => {
    const programs = engines.map((engine) => compiled(engine, rule));
    const good = {
      indices: Int32Array.from({ length: rows }, (_, i) => i % n),
      each: Int32Array.from({ length: 2 * rows }, (_, i) => i % n),
    };
    const index = fc.oneof(
      fc.constantFrom(-1, 4, 5, 2147483647, -2147483648),
      fc.integer({ min: 4 }),
      fc.integer({ max: -1 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(rows - 1), index), { minLength: 1, maxLength: 3 }),
        (wrong) => {
          const indices = good.indices.slice();
          const each = good.each.slice();
          for (const [place, value] of wrong) indices[place] = each[2 * place + 1] = value;
          const first = wrong.reduce((a, b) => (b[0] < a[0] ? b : a))[0];
          const said = programs.map((program) => {
            const before = program.state();
            let message = "";
            try {
              program.step({ indices, each });
            } catch (error) {
              message = (error as Error).message;
            }
            expect(program.state()).toEqual(before);
            return message;
          });
          expect(said[0]).toMatch(
            new RegExp(
              "^(gather|takeAlong|scatterAdd|scatterAlong|gatherPool2d|unpool2d): expected indices below [34], the " +
                `size of the axis, got ${indices[first]} at \\[[\\d, ]+\\]; give indices from 0 to ` +
                "[23]. Nothing was changed$",
            ),
          );
          expect(new Set(said).size).toBe(1);
          // The next step has the same result as without the refused one.
          const [theirs, ...ours] = programs.map((program) => program.step(good)["y"]!);
          for (const y of ours) expect(y.shape).toEqual(theirs!.shape);
        },
      ),
      { numRuns: 6 },
    );
    const [theirs, ...ours] = programs.map((program) => program.state());
    for (const state of ours) expectNear(state as typeof start, theirs as typeof start);
  });
});

function expectNear(a: typeof start, b: typeof start): void {
  for (const name of ["w", "table"] as const)
    for (const [i, x] of a[name].data.entries()) {
      const y = b[name].data[i]!;
      if (Math.abs(x - y) > 1e-3 * Math.max(1, Math.abs(y)))
        throw new Error(`${name}: expected ${y} at ${i}, got ${x}`);
    }
}

test("a constant index out of range", () => {
  for (const engine of engines) {
    const program = compiled(engine, ({ w, table }) => ({
      w: w.add(1),
      y: table.gather(tensor([0, 3], [2], "int32")),
    }));
    expect(() =>
      program.step({ indices: new Int32Array(rows), each: new Int32Array(2 * rows) }),
    ).toThrow("gather: expected indices below 3, the size of the axis, got 3");
    expect(program.state()).toEqual(start);
  }
});
