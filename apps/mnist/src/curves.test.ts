import { appended, emptySeries, widthOf } from "@tenon/terminal";
import { expect, test } from "vitest";
import { curves, gradientNorm } from "./progress.js";

const seriesOf = (values: readonly number[]) => values.reduce(appended, emptySeries);

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
