import fc from "fast-check";
import { expect, test } from "vitest";
import { appended, emptySeries, sparkline } from "./sparkline.js";

const seriesOf = (values: readonly number[]) => values.reduce(appended, emptySeries);

test("heights are in proportion to logarithms", () => {
  // ln 2ⁱ divides the range into equal parts.
  expect(sparkline([1, 2, 4, 8, 16, 32, 64, 128, 256], 9)).toBe("▁▂▃▄▅▆▇██");
  expect(sparkline([100, 1, 10], 3)).toBe("█▁▅");
  expect(sparkline([], 0)).toBe("");
  expect(sparkline([5, 5], 2)).toBe("▁▁");
  expect(sparkline([0, 0], 2)).toBe("▁▁");
  expect(sparkline([0, 1, 10, -1], 4)).toBe("▁▁█▁");
});

test("on a linear scale heights are in proportion to values, also of 0 and below", () => {
  expect(sparkline([-2, -1, 0, 1, 2, 3, 4, 5], 8, "linear")).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([0.97, 0.98, 0.99], 3, "linear")).toBe("▁▅█");
  expect(sparkline([7, 7], 2, "linear")).toBe("▁▁");
  expect(sparkline([-9, 0, 4, 9], 4, "linear", [0, 8])).toBe("▁▁▅█");
});

test("more values than columns are means of neighbours, fewer are stretched", () => {
  expect(sparkline([1, 10], 5)).toBe("▁▁▁██");
  expect(sparkline([1, 3, 10, 30, 100, 300], 3)).toBe(sparkline([2, 20, 200], 3));
});

test("a falling series is drawn as one, whatever its length and the width", () => {
  const falling = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(falling, fc.integer({ min: 1, max: 64 }), (values, width) => {
      const sorted = [...values].sort((a, b) => b - a);
      const drawn = sparkline(sorted, width);
      expect(drawn).toHaveLength(width);
      const heights = [...drawn].map((block) => "▁▂▃▄▅▆▇█".indexOf(block));
      expect(heights).toEqual([...heights].sort((a, b) => b - a));
      expect(Math.min(...heights)).toBe(0);
    }),
  );
});

test("a long series keeps the means of blocks in bounded memory", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i) + i / 100);
  const { means, block, open, first, last } = seriesOf(values);
  expect(means.length).toBeLessThan(512);
  expect(means.length * block + open.count).toBe(values.length);
  means.forEach((mean, i) => {
    const group = values.slice(i * block, (i + 1) * block);
    expect(mean).toBeCloseTo(group.reduce((a, b) => a + b) / block, 9);
  });
  expect([first, last]).toEqual([values[0], values.at(-1)]);
});

test("a value that is not finite is the last one, and no part of the means", () => {
  expect(seriesOf([3, NaN, 5, Infinity])).toMatchObject({
    means: [3, 5],
    first: 3,
    last: Infinity,
  });
});
