import fc from "fast-check";
import { expect, test } from "vitest";
import { adaptiveThreads } from "./adaptiveThreads.js";

/**
 * The fraction of steps, from step `from` on, that run in the faster mode on a machine where a step
 * takes the given times with all threads and alone.
 */
function fasterFraction(
  steps: number,
  times: (step: number) => { readonly all: number; readonly alone: number },
  from = 0,
): number {
  const { useAll, record } = adaptiveThreads();
  let faster = 0;
  for (let i = 0; i < steps; i++) {
    const { all, alone } = times(i);
    const usesAll = useAll();
    if (i >= from && usesAll === all < alone) faster++;
    record(usesAll ? all : alone);
  }
  return faster / (steps - from);
}

test("where threads gain, hardly a step is spent on trials without them", () => {
  expect(fasterFraction(64, () => ({ all: 1, alone: 1.8 }))).toBe(1);
  expect(fasterFraction(10_000, () => ({ all: 1, alone: 1.8 }))).toBeGreaterThan(0.995);
});

test("where another program uses the other processor, the caller soon works alone, and afterwards with all threads again", () => {
  const disturbed = (step: number): boolean => step >= 1000 && step < 3000;
  const times = (step: number) => (disturbed(step) ? { all: 5, alone: 2 } : { all: 1, alone: 1.8 });
  const { useAll, record } = adaptiveThreads();
  const modes: boolean[] = [];
  for (let i = 0; i < 8000; i++) {
    modes.push(useAll());
    record(modes[i] ? times(i).all : times(i).alone);
  }
  const stepsAlone = (from: number, until: number): number =>
    modes.slice(from, until).filter((all) => !all).length;
  expect(stepsAlone(0, 1000)).toBeLessThan(30);
  expect(stepsAlone(1100, 3000)).toBeGreaterThan(1850);
  // With one thread it cannot measure whether the processor is free again: it tries several.
  expect(stepsAlone(7500, 8000)).toBeLessThan(30);
});

test("spends at most a tenth of its steps on trials, whatever the times", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (times) => {
        const { useAll, record } = adaptiveThreads();
        let changes = 0;
        let previous = true;
        for (let i = 0; i < 2000; i++) {
          const all = useAll();
          if (all !== previous) changes++;
          previous = all;
          record(times[i % times.length]!);
        }
        // A trial is two changes, or one where it is kept.
        expect(changes).toBeLessThanOrEqual(2 * Math.ceil(2000 / 64));
      },
    ),
  );
});
