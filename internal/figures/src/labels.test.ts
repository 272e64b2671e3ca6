import fc from "fast-check";
import { expect, test } from "vitest";
import { placed } from "./labels.js";

const at = (wanted: readonly number[], size = 10) =>
  wanted.map((each, i) => ({ label: i, wanted: each, size }));

test("labels with room stand where they want to", () => {
  expect(placed(at([50, 10, 90]), [0, 100]).map(({ label, at }) => [label, at])).toEqual([
    [1, 10],
    [0, 50],
    [2, 90],
  ]);
});

test("labels that touch stand around the mean of their wishes, and within the frame", () => {
  expect(placed(at([50, 50]), [0, 100]).map(({ at }) => at)).toEqual([45, 55]);
  expect(placed(at([0, 2]), [0, 100]).map(({ at }) => at)).toEqual([5, 15]);
  const [long, short] = [{ size: 60 }, { size: 20 }].map(({ size }, i) => ({
    ...{ label: i, wanted: 50 + i, size },
  }));
  expect(placed([long!, short!], [0, 200]).map(({ at }) => at)).toEqual([30.5, 70.5]);
});

test("no two labels overlap, and their order is that of the wishes", () => {
  const wish = fc.record({
    wanted: fc.double({ min: -50, max: 350, noNaN: true }),
    size: fc.double({ min: 5, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 15 }), (wishes) => {
      const found = placed(
        wishes.map((each, i) => ({ ...each, label: i })),
        [0, 300],
      );
      expect(found).toHaveLength(wishes.length);
      for (const [i, { at, size, wanted }] of found.entries()) {
        expect(at - size / 2).toBeGreaterThanOrEqual(-1e-6);
        expect(at + size / 2).toBeLessThanOrEqual(300 + 1e-6);
        if (i === 0) continue;
        const before = found[i - 1]!;
        expect(at - before.at).toBeGreaterThanOrEqual((size + before.size) / 2 - 1e-6);
        expect(wanted).toBeGreaterThanOrEqual(before.wanted);
      }
    }),
  );
});
