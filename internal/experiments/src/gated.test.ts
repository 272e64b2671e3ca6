import { conv2d, inception } from "@tenon/layers";
import { initialize, mapLeaves, pass, tensor, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gated } from "./gated.js";

const branches = [conv2d(2, 1), conv2d(3, 1), conv2d(1, 1)];
const data = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * i));
const x = tensor({ shape: [2, 2, 3, 1], dtype: "float32", data });
const { params } = initialize(inception(...branches).plan([2, 3, 1]), 4);
const weights = mapLeaves(params, (array) => tensor(array));

/** The output, and what was tapped as gates. */
function run(gates: readonly number[]): { y: ArrayLike<number>; tapped: number[] } {
  const found = new Map<string, Tensor>();
  const forward = gated(...branches).forward(
    x,
    pass({
      params: { ...weights, gates: tensor([...gates]) },
      tap: (path, output) => found.set(path, output),
    }),
  );
  return {
    y: forward.data() as Float32Array,
    tapped: [1, 2, 3].map((i) => found.get(`gate${i}`)!.data()[0]!),
  };
}

test("gates are a softmax: they sum to 1", () => {
  const finite = fc.float({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(finite, finite, finite), (a) => {
      const { tapped } = run(a);
      const e = a.map((value) => Math.exp(value - Math.max(...a)));
      const sum = e.reduce((total, value) => total + value);
      for (const [i, gate] of tapped.entries()) expect(gate).toBeCloseTo(e[i]! / sum, 5);
      expect(tapped[0]! + tapped[1]! + tapped[2]!).toBeCloseTo(1, 5);
    }),
    { numRuns: 30 },
  );
});

test("with equal gates it is inception; a gate multiplies the channels of its branch", () => {
  const plain = inception(...branches)
    .forward(x, pass({ params: weights }))
    .data();
  const equal = run([0, 0, 0]).y;
  for (let i = 0; i < equal.length; i++) expect(equal[i]).toBeCloseTo(plain[i]!, 5);
  const { y, tapped } = run([0.5, -1, 2]);
  const branchOf = [0, 0, 1, 1, 1, 2];
  for (let i = 0; i < y.length; i++)
    expect(y[i]).toBeCloseTo(3 * tapped[branchOf[i % 6]!]! * plain[i]!, 4);
});

test("its plan is that of inception, with a gate for each branch", () => {
  const plan = gated(...branches).plan([2, 3, 1]);
  expect(plan.output).toEqual([2, 3, 6]);
  expect(plan.params["gates"]!.shape).toEqual([3]);
  const { gates: _, ...rest } = plan.params;
  expect(Object.keys(rest)).toEqual(Object.keys(inception(...branches).plan([2, 3, 1]).params));
});
