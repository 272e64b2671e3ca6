import type { Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wasm } from "../../engine.js";
import { labels, planned } from "../../testing/planned.js";

type Tensors = Record<string, Tensor>;

const sums = (x: Tensor, axes?: readonly number[]): Tensors => ({
  sum: x.sum(axes),
  squares: x.square().sum(axes),
  zeros: x.equal(0).sum(axes),
  top: x.abs().max(axes),
  low: x.min(axes),
});

test.each([
  [[70_001], [0]],
  [
    [64, 26, 26, 10],
    [0, 1, 2],
  ],
  [[5, 7, 300], [1]],
  [[300, 37], [0]],
  [[30, 41], [1]],
  [[3], [0]],
])("reductions of %j over %j in one pass have the bits of each alone", async (shape, axes) => {
  const engine = await wasm({ threads: 1 });
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    i % 5 === 0 ? 0 : Math.sin(i * i) + 0.5,
  );
  const step =
    (names: readonly string[]) =>
    (state: object, { x }: { x: Tensor }) => {
      const all = sums(x, axes);
      return { state, outputs: Object.fromEntries(names.map((name) => [name, all[name]!])) };
    };
  const run = (names: readonly string[]) => {
    const program = engine.compile(step(names), {}, { x: { shape } });
    return { program, outputs: program.step({ x: data }) };
  };
  const names = ["sum", "squares", "zeros", "top", "low"];
  const together = run(names);
  expect(together.program.plan.steps[0]!.kernel.key).toMatch(/^sum\+sum\+sum\+max\+min /);
  for (const name of names) expect(together.outputs[name], name).toEqual(run([name]).outputs[name]);
});

test("only those of one array that nothing else reads are taken in one pass", () => {
  const of = (step: (x: Tensor, y: Tensor) => Tensors): string[] =>
    labels(planned({ x: [50, 4], y: [50, 4] }, ({ x, y }) => step(x!, y!)));
  expect(of((x, y) => ({ a: x.sum(), b: x.mul(y).sum() }))).toHaveLength(1);
  expect(of((x, y) => ({ a: x.sum(), b: y.sum() }))).toHaveLength(2);
  expect(of((x) => ({ a: x.sum(), b: x.sum([0]) }))).toHaveLength(2);
  // The planner leaves reductions that are computed with alone.
  expect(of((x) => ({ a: x.sum(), b: x.square().sum().sqrt() }))).toHaveLength(3);
});
