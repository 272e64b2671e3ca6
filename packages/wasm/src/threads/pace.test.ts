import fc from "fast-check";
import { expect, test } from "vitest";
import { pace } from "./pace.js";

/**
 * Runs steps on a machine where a step takes so long with all threads, and alone. Gives the share
 * of steps that were done the quicker way.
 */
function share(
  steps: number,
  times: (step: number) => { readonly all: number; readonly alone: number },
  from = 0,
): number {
  const { together, took } = pace();
  let right = 0;
  for (let i = 0; i < steps; i++) {
    const { all, alone } = times(i);
    const way = together();
    if (i >= from && way === all < alone) right++;
    took(way ? all : alone);
  }
  return right / (steps - from);
}

test("where threads gain, hardly a step is spent on trying without them", () => {
  expect(share(64, () => ({ all: 1, alone: 1.8 }))).toBe(1);
  expect(share(10_000, () => ({ all: 1, alone: 1.8 }))).toBeGreaterThan(0.995);
});

test("where somebody else uses the other processor, the caller soon works alone, and with all again when that is over", () => {
  const stolen = (step: number): boolean => step >= 1000 && step < 3000;
  const times = (step: number) => (stolen(step) ? { all: 5, alone: 2 } : { all: 1, alone: 1.8 });
  const { together, took } = pace();
  const ways: boolean[] = [];
  for (let i = 0; i < 8000; i++) {
    ways.push(together());
    took(ways[i] ? times(i).all : times(i).alone);
  }
  const apart = (from: number, until: number): number =>
    ways.slice(from, until).filter((all) => !all).length;
  expect(apart(0, 1000)).toBeLessThan(30);
  expect(apart(1100, 3000)).toBeGreaterThan(1850);
  // Alone it cannot see that the processor is free again: it tries.
  expect(apart(7500, 8000)).toBeLessThan(30);
});

test("never spends more than a tenth of its steps on trials, whatever the times", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (times) => {
        const { together, took } = pace();
        let changes = 0;
        let before = true;
        for (let i = 0; i < 2000; i++) {
          const way = together();
          if (way !== before) changes++;
          before = way;
          took(times[i % times.length]!);
        }
        // A trial is two changes, or one where it is kept.
        expect(changes).toBeLessThanOrEqual(2 * Math.ceil(2000 / 64));
      },
    ),
  );
});
