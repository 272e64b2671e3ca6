import fc from "fast-check";
import { expect, test } from "vitest";
import { widthOf } from "./layout.js";
import { gradientNorm, seriesLine } from "./progress.js";
import { appended, emptySeries, sparkline } from "./sparkline.js";

const seriesOf = (values: readonly number[]) => values.reduce(appended, emptySeries);

test("heights are in proportion to logarithms", () => {
  // ln 2ⁱ divides the range into equal parts.
  expect(sparkline([1, 2, 4, 8, 16, 32, 64, 128, 256], 20)).toBe("▁▂▃▄▅▆▇██");
  expect(sparkline([100, 1, 10], 20)).toBe("█▁▅");
  expect(sparkline([], 20)).toBe("");
  expect(sparkline([5, 5], 20)).toBe("▁▁");
  expect(sparkline([0, 0], 20)).toBe("▁▁");
  expect(sparkline([0, 1, 10, -1], 20)).toBe("▁▁█▁");
});

test("more values than columns are means of neighbours", () => {
  expect(sparkline([1, 3, 10, 30, 100, 300], 3)).toBe(sparkline([2, 20, 200], 3));
});

test("a falling series is drawn as one, whatever its length and the width", () => {
  const falling = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(falling, fc.integer({ min: 1, max: 64 }), (values, width) => {
      const sorted = [...values].sort((a, b) => b - a);
      const drawn = sparkline(sorted, width);
      expect(drawn).toHaveLength(Math.min(values.length, width));
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

test("a series fits its line in every width, and shows its first and last value", () => {
  const series = seriesOf(Array.from({ length: 300 }, (_, i) => 1.234567e-7 * (i + 1)));
  for (let columns = 60; columns <= 160; columns++) {
    const line = seriesLine("gradient", series, { head: "epoch 100/100 ".length, columns });
    expect(widthOf(line)).toBeLessThan(columns - 2); // with space for ^C
    expect(line).toMatch(/ [▁-█]{18,}\S*  1\.23e-7 → 0\.000037$/);
  }
});

test("the norm of all gradients together is that of their norms", () => {
  const of = (gradientNorm: number) => ({ gradientNorm }) as never;
  expect(gradientNorm({ params: { a: of(3), b: of(4), c: of(12) } })).toBe(13);
});
