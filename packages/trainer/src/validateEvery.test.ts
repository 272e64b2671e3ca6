import type { MonitoredSchedule, Schedule, Stopper } from "@tenon/contracts";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { descent } from "./internal/testing.js";
import { run } from "./internal/testingRun.js";

/** Stops at the third value that it is given, and says what it was given. */
function third(monitor: string): { stopper: Stopper<number>; epochs: number[] } {
  const epochs: number[] = [];
  const stopper: Stopper<number> = {
    start: 0,
    monitor,
    restoreBest: false,
    observe(state, _, epoch) {
      epochs.push(epoch);
      return { state: state + 1, stop: state === 2, best: state === 0 };
    },
  };
  return { stopper, epochs };
}

test("validates every second epoch, and trains as without", async () => {
  const whole = await run({ epochs: 5 });
  const { end } = await run({ epochs: 5, validateEvery: 2 });
  expect(end.history.map(({ validation }) => validation)).toEqual(
    whole.end.history.map(({ epoch, validation }) => (epoch % 2 === 0 ? validation : undefined)),
  );
  expect(end.history.map(({ train }) => train)).toEqual(
    whole.end.history.map(({ train }) => train),
  );
  expect(end.params).toEqual(whole.end.params);
  // The best is one of those that were validated.
  const losses = [2, 4].map((epoch) => whole.end.history[epoch - 1]!.validation!["loss"]!);
  expect(end.snapshot.progress.best.value).toBe(Math.min(...losses));
});

test("early stopping counts the epochs that have its value", async () => {
  const validated = third("validation.loss");
  const { end } = await run({ epochs: 20, validateEvery: 2, earlyStopping: validated.stopper });
  expect(validated.epochs).toEqual([2, 4, 6]);
  expect(end).toMatchObject({ reason: "earlyStopping", history: { length: 6 } });
  const trained = third("train.loss");
  await run({ epochs: 20, validateEvery: 2, earlyStopping: trained.stopper });
  expect(trained.epochs).toEqual([1, 2, 3]);
});

test("a schedule that follows a value is given those there are", async () => {
  const seen: number[] = [];
  const rate: MonitoredSchedule<number> = Object.assign((() => 0.1) as Schedule, {
    start: 1,
    monitor: "validation.loss",
    observe: (state: number, _: number, epoch: number) => (seen.push(epoch), state / 2),
    at: (state: number) => 0.1 * state,
  });
  const optimizer: ReturnType<typeof descent> = {
    ...descent(0.1),
    update: (flow, clock) => {
      clock.value(rate);
      return descent(0.1).update(flow, clock);
    },
  };
  const { end } = await run({ epochs: 4, validateEvery: 3, optimizer });
  expect(seen).toEqual([3]);
  expect(end.snapshot.progress.rates).toEqual([0.5]);
});

test("a resumed run validates the epochs that it would have", async () => {
  const options = () => ({ validateEvery: 2, earlyStopping: third("validation.loss").stopper });
  const whole = await run({ epochs: 5, ...options() });
  for (const epochs of [1, 2, 3]) {
    const first = await run({ epochs, ...options() });
    const rest = await run({ epochs: 5, ...options(), resume: first.end.snapshot });
    expect(rest.end.history).toEqual(whole.end.history);
    expect(rest.end.params).toEqual(whole.end.params);
    expect(rest.end.snapshot.progress).toEqual(whole.end.snapshot.progress);
  }
});

test("refuses what makes no sense, and names a value that the run does not have", async () => {
  const cases = [
    [{ validateEvery: 0 }, "fit: expected a whole validateEvery ≥ 1, got 0"],
    [
      { validateEvery: 2, validation: undefined as never },
      "fit: expected validation with validateEvery, got none",
    ],
    [{ validateEvery: 2, earlyStopping: third("train.top5").stopper }, 'got "train.top5"'],
    [
      { validateEvery: 2, earlyStopping: third("validation.top5").stopper },
      'got "validation.top5"',
    ],
  ] as const;
  for (const [options, message] of cases)
    await expect(run({ epochs: 2, ...options })).rejects.toThrow(refusal(message));
});
