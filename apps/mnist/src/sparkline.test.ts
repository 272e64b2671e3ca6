import fc from "fast-check";
import { expect, test } from "vitest";
import { widthOf } from "./layout.js";
import { curves, gradientNorm } from "./progress.js";
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

test("curves fit every width, are of the same steps, and show first and last values", () => {
  const losses = seriesOf(Array.from({ length: 300 }, (_, i) => 1.234567e-7 * (i + 1)));
  const gradients = seriesOf([1, 10, 1]);
  for (let columns = 60; columns <= 160; columns++) {
    const lines = curves(losses, gradients, { head: "epoch 100/100 ".length, columns });
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns - 2); // with space for ^C
    const [loss, gradient] = lines.map((line) => line.replace(/\x1b\[\d+m/g, ""));
    expect(loss).toMatch(/^loss {10}▁[▁-█]{20,}█ {2}1\.23e-7 → 0\.000037$/);
    expect(gradient).toMatch(/^gradient {6}▁+█+▁+ {2}1 → 1$/);
    expect(gradient!.indexOf("  1")).toBe(loss!.indexOf("  1"));
  }
  expect(curves(seriesOf([2]), emptySeries, { head: 9, columns: 60 })).toHaveLength(1);
  expect(curves(emptySeries, emptySeries, { head: 9, columns: 60 })).toEqual([]);
});

test("the norm of all gradients together is that of their norms", () => {
  const of = (gradientNorm: number) => ({ gradientNorm }) as never;
  expect(gradientNorm({ params: { a: of(3), b: of(4), c: of(12) } })).toBe(13);
});
