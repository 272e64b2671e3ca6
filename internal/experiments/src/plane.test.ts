import { expect, test } from "vitest";
import { planeOf } from "./plane.js";

const close = (found: readonly number[], expected: readonly number[]): void => {
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 9);
};

test("paths in a plane are seen as they are, whatever the number of dimensions", () => {
  const [e1, e2] = [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5, -0.5],
  ] as const;
  const at = (x: number, y: number): number[] =>
    [1, 2, 3, 4].map((start, i) => start + x * e1[i]! + y * e2[i]!);
  const path = [
    [0, 0],
    [2, 0],
    [4, 0.5],
    [3, -0.5],
  ] as const;
  const { paths, directions, inPlane } = planeOf([path.map(([x, y]) => at(x, y))]);
  expect(inPlane).toBeCloseTo(1, 9);
  const lengths = paths[0]!.map(([x, y]) => Math.hypot(x, y));
  close(
    lengths,
    path.map(([x, y]) => Math.hypot(x, y)),
  );
  close(
    directions.map((direction) => Math.hypot(...direction)),
    [1, 1],
  );
  expect(Math.abs(directions[0].reduce((sum, x, i) => sum + x * e1[i]!, 0))).toBeGreaterThan(0.99);
});

test("the first direction is that of the largest distances, and the rest is said", () => {
  const { paths, inPlane } = planeOf([
    [
      [0, 0, 0],
      [0, 3, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, -2],
    ],
    [
      [0, 0, 0],
      [1, 0, 0],
    ],
  ]);
  expect(inPlane).toBeCloseTo(13 / 14, 9);
  close(paths[0]![1]!, [3, 0]);
  close(paths[1]![1]!, [0, 2]); // the largest place along a direction is positive
  close(paths[2]![1]!, [0, 0]);
});
