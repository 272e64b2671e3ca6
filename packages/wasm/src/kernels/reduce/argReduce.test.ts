import fc from "fast-check";
import { expect, test } from "vitest";
import type { ArgReduceSpec } from "@tenon/plan";
import { argReduce } from "./argReduce.js";
import { outputsOf } from "../../testing/run.js";

/** The first of equals; the first NaN before anything else. */
function truth({ outer, n, inner, kind }: ArgReduceSpec, x: ArrayLike<number>): number[] {
  return Array.from({ length: outer * inner }, (_, position) => {
    const value = (k: number): number =>
      x[(Math.floor(position / inner) * n + k) * inner + (position % inner)]!;
    let best = 0;
    for (let k = 1; k < n; k++) {
      const [a, b] = [value(k), value(best)];
      if (!Number.isNaN(b) && (Number.isNaN(a) || (kind === "argMax" ? a > b : a < b))) best = k;
    }
    return best;
  });
}

const places = (spec: ArgReduceSpec, x: Float32Array | Int32Array): number[] => [
  ...new Int32Array(outputsOf(argReduce(spec), [spec.outer * spec.inner], [x])[0]!.buffer),
];

const spec = fc.record({
  outer: fc.constantFrom(0, 1, 2, 5),
  n: fc.constantFrom(1, 2, 3, 10, 37),
  inner: fc.constantFrom(0, 1, 2, 4, 7, 16, 21, 40),
  kind: fc.constantFrom("argMax" as const, "argMin" as const),
  dtype: fc.constantFrom("float32" as const, "int32" as const),
});
const few = fc.constantFrom(0, -0, 1, 2, -1, -2, Infinity, -Infinity, NaN);

test("any axis, with equals and NaN, in any work items", () => {
  fc.assert(
    fc.property(
      spec.chain((s) =>
        fc.tuple(
          fc.constant(s),
          fc.array(few, {
            minLength: s.outer * s.n * s.inner,
            maxLength: s.outer * s.n * s.inner,
            size: "max",
          }),
        ),
      ),
      ([s, values]) => {
        const x = s.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
        expect(places(s, x)).toEqual(truth(s, x));
      },
    ),
    { numRuns: 200 },
  );
});

test.each([
  [1, 10_000, 1],
  [300, 33, 1],
  [1, 50, 500],
  [3, 1000, 20],
])("[%i, %i, %i] of random numbers, in several work items", (outer, n, inner) => {
  const s = { outer, n, inner, kind: "argMin", dtype: "float32" } as const;
  const x = Float32Array.from({ length: outer * n * inner }, (_, i) => Math.sin(i * i));
  expect(places(s, x)).toEqual(truth(s, x));
});
