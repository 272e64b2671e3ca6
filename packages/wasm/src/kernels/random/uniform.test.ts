import { uniformAt } from "@tenon/random";
import { expect, test } from "vitest";
import { outputsOf } from "../../testing/run.js";
import { uniform } from "./uniform.js";

test.each([
  0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 33, 4095, 4096, 4097, 4103, 8192, 8193,
  10_007,
])("%i values are those of the random package, in any work items", (length) => {
  for (const [seed, step, stream] of [
    [0, 0, 0],
    [1, 2, 3],
    [-1, 2147483647, -2147483648],
    [42, 1000, 0x9e3779b9 | 0],
  ] as const)
    expect(
      outputsOf(
        uniform({ length, stream }),
        [length],
        [Int32Array.of(seed), Int32Array.of(step)],
      )[0],
    ).toEqual(uniformAt(seed, step, stream, length));
});

test("another step draws other values", () => {
  const kernel = uniform({ length: 100, stream: 5 });
  const [a, b] = [1, 2].map(
    (step) => outputsOf(kernel, [100], [Int32Array.of(9), Int32Array.of(step)])[0]!,
  ) as [Float32Array, Float32Array];
  expect(a.filter((x, i) => x === b[i]).length).toBeLessThan(3);
});
