import fc from "fast-check";
import { expect, test } from "vitest";
import { placed } from "./labels.js";

const at = (wanted: readonly number[]) => wanted.map((each, i) => ({ label: i, wanted: each }));

test("labels with room stand where they want to", () => {
  expect(placed(at([50, 10, 90]), 10, [0, 100]).map(({ label, y }) => [label, y])).toEqual([
    [1, 10],
    [0, 50],
    [2, 90],
  ]);
});

test("labels that touch stand around the mean of their wishes, and within the frame", () => {
  expect(placed(at([50, 50]), 10, [0, 100]).map(({ y }) => y)).toEqual([45, 55]);
  expect(placed(at([0, 2]), 10, [0, 100]).map(({ y }) => y)).toEqual([5, 15]);
});

test("no two labels overlap, and their order is that of the wishes", () => {
  const wishes = fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { maxLength: 15 });
  fc.assert(
    fc.property(wishes, (wanted) => {
      const found = placed(at(wanted), 20, [0, 300]);
      expect(found).toHaveLength(wanted.length);
      for (const [i, { y, wanted: wish }] of found.entries()) {
        expect(y).toBeGreaterThanOrEqual(10 - 1e-6);
        expect(y).toBeLessThanOrEqual(290 + 1e-6);
        if (i === 0) continue;
        expect(y - found[i - 1]!.y).toBeGreaterThanOrEqual(20 - 1e-6);
        expect(wish).toBeGreaterThanOrEqual(found[i - 1]!.wanted);
      }
    }),
  );
});
