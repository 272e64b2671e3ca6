import type { MonitoredSchedule, Schedule } from "@tenon/contracts";
import { expect, test } from "vitest";
import { descent } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";

/** A tenth of the rate after each epoch, and what it was given. */
function tenth(seen: number[]): MonitoredSchedule<number> {
  return Object.assign((() => 0.1) as Schedule, {
    start: 1,
    monitor: "validation.loss",
    observe(state: number, value: number) {
      seen.push(value);
      return state / 10;
    },
    at: (state: number) => 0.1 * state,
  });
}

const follows = (rate: Schedule | number) => ({
  ...descent(0.1),
  update: ((flow, clock) => {
    const eta = clock.value(rate);
    return {
      ...flow,
      updates: Object.fromEntries(
        Object.entries(flow.updates).map(([path, g]) => [path, g.mul(eta).neg()]),
      ),
    };
  }) as ReturnType<typeof descent>["update"],
});

test("is given the value of each epoch; the next one has the rate of its state", async () => {
  const seen: number[] = [];
  const { end } = await run({ optimizer: follows(tenth(seen)) });
  expect(seen).toEqual(end.history.map(({ validation }) => validation!["loss"]));
  expect(end.snapshot.progress.rates).toEqual([1 / 10 / 10 / 10]);
  const steps = Math.ceil(options.train.size / options.batchSize!);
  const known = await run({ optimizer: follows((step) => 0.1 / 10 ** Math.floor(step / steps)) });
  for (const [path, { data }] of Object.entries(known.end.params))
    data.forEach((value: number, i: number) =>
      expect(end.params[path]!.data[i]).toBeCloseTo(value, 6),
    );
});

test("a resumed run goes on with its state, to the last bit", async () => {
  const whole = await run({ optimizer: follows(tenth([])) });
  const first = await run({ optimizer: follows(tenth([])), epochs: 1 });
  const rest = await run({ optimizer: follows(tenth([])), resume: first.end.snapshot });
  expect(rest.end.params).toEqual(whole.end.params);
  expect(rest.end.snapshot.progress.rates).toEqual(whole.end.snapshot.progress.rates);
  const over = await run({ optimizer: follows(tenth([])), resume: rest.end.snapshot });
  expect(over.end.snapshot.progress.rates).toEqual(whole.end.snapshot.progress.rates);
});

test("a value that the run does not have is named", async () => {
  const rate = Object.assign(tenth([]), { monitor: "validation.top5" });
  await expect(run({ optimizer: follows(rate) })).rejects.toThrow('got "validation.top5"');
});
