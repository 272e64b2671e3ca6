import { expect, test } from "vitest";
import { earlyStopping, type EarlyStoppingOptions } from "./earlyStopping.js";

/** The epoch at which it stops (0 for never), and the epochs that were the best so far. */
function run(
  options: EarlyStoppingOptions,
  values: readonly number[],
): { stopped: number; best: number[] } {
  const stopper = earlyStopping(options);
  const best: number[] = [];
  let state = stopper.start;
  for (const [i, value] of values.entries()) {
    const observed = stopper.observe(state, value, i + 1);
    state = observed.state;
    if (observed.best) best.push(i + 1);
    if (observed.stop) return { stopped: i + 1, best };
  }
  return { stopped: 0, best };
}

test("stops after some epochs without anything better", () => {
  expect(run({ patience: 2 }, [3, 2, 2.5, 1, 1, 1.5, 0])).toEqual({ stopped: 6, best: [1, 2, 4] });
  expect(run({ patience: 2, mode: "max" }, [1, 3, 2, 2, 9])).toEqual({ stopped: 4, best: [1, 2] });
  expect(run({ patience: 3 }, [3, 2, 1])).toEqual({ stopped: 0, best: [1, 2, 3] });
});
test("better means by more than minDelta, and than the baseline to be patient again", () => {
  expect(run({ patience: 2, minDelta: 0.5 }, [3, 2.6, 2.55, 0])).toEqual({ stopped: 3, best: [1] });
  expect(run({ patience: 2, baseline: 1 }, [3, 2, 1.5, 0])).toEqual({
    stopped: 0,
    best: [1, 2, 3, 4],
  });
  expect(run({ patience: 2, baseline: 1 }, [3, 4, 0])).toEqual({ stopped: 2, best: [1] });
});
test("epochs of warm-up do not count", () =>
  expect(run({ patience: 1, startFromEpoch: 3 }, [1, 2, 5, 4, 6])).toEqual({
    stopped: 5,
    best: [3, 4],
  }));
test("what is not finite is never the best", () => {
  expect(run({ patience: 2 }, [NaN, 1, NaN, NaN])).toEqual({ stopped: 4, best: [2] });
  expect(run({ patience: 2 }, [NaN, 5, 4, 3, 2])).toEqual({ stopped: 0, best: [2, 3, 4, 5] });
  expect(run({ patience: 2 }, [NaN, -Infinity, Infinity])).toEqual({ stopped: 2, best: [] });
  expect(run({ patience: 5, mode: "max" }, [1, Infinity, 2])).toEqual({ stopped: 0, best: [1, 3] });
});
test("its state is plain data", () => {
  const { state } = earlyStopping().observe(earlyStopping().start, 0.5, 1);
  expect(state).toEqual({ best: 0.5, bestEpoch: 1, waited: 0 });
  expect(JSON.parse(JSON.stringify(earlyStopping().observe(state, 0.7, 2).state))).toEqual({
    best: 0.5,
    bestEpoch: 1,
    waited: 1,
  });
});
test("refuses options that make no sense", () => {
  expect(() => earlyStopping({ patience: 1.5 })).toThrow(
    "earlyStopping: expected a whole patience ≥ 0, got 1.5",
  );
  expect(() => earlyStopping({ mode: "auto" as never })).toThrow(
    'earlyStopping: expected mode to be "min" or "max", got "auto"',
  );
  expect(() => earlyStopping({ minDelta: -1 })).toThrow(
    "earlyStopping: expected a finite minDelta ≥ 0, got -1",
  );
  expect(() => earlyStopping({ baseline: NaN })).toThrow(
    "earlyStopping: expected a finite baseline, got NaN",
  );
  expect(() => earlyStopping({ startFromEpoch: 0 })).toThrow(
    "earlyStopping: expected a whole startFromEpoch ≥ 1, got 0",
  );
});
