import type { ByPath, Metric, Stopper } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { earlyStopping } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import type { EndEvent } from "./events.js";
import { fit, type FitOptions } from "./fit.js";
import { bits, descent, network, quadrants } from "./internal/testing.js";
import { metadataOf, snapshotFrom, type Snapshot } from "./snapshot.js";

/** A metric whose results are known beforehand: they do not depend on what it sees. */
function scripted(values: readonly number[]): Metric {
  let epoch = -1;
  return {
    name: "scripted",
    start: 0,
    update: (count) => (count as number) + 1,
    result: () => values[Math.min(values.length - 1, Math.max(0, epoch))]!,
    get epoch() {
      return epoch;
    },
    set epoch(at) {
      epoch = at;
    },
  } as Metric & { epoch: number };
}

const sequences: readonly (readonly [readonly number[], number, "min" | "max"])[] = [
  [[NaN, 5, 4, 3, 2], 5, "min"],
  [[3, NaN, 2, NaN, 4], 3, "min"],
  [[NaN, NaN, 7, NaN], 3, "max"],
  [[Infinity, 5, NaN, 6], 2, "min"],
  [[-Infinity, 1, 2, Infinity], 3, "max"],
  [[NaN, NaN], 0, "min"],
];

describe.each(["fit's own best", "earlyStopping"] as const)(
  "of values that are not finite, %s",
  (who) => {
    test.each(sequences)(
      "%j: the best epoch is %i, also of a run that was resumed after each epoch",
      async (values, best, mode) => {
        const options = (): FitOptions & { metrics: [Metric & { epoch: number }] } => ({
          train: quadrants(32),
          validation: quadrants(8, 2),
          loss: crossEntropy,
          metrics: [scripted(values) as Metric & { epoch: number }],
          optimizer: descent(0.1),
          engine: reference(),
          batchSize: 32,
          seed: 3,
          ...(who === "earlyStopping"
            ? {
                earlyStopping: earlyStopping({
                  monitor: "validation.scripted",
                  mode,
                  patience: 9,
                }) as Stopper,
              }
            : { best: { monitor: "validation.scripted", mode } }),
        });
        /** Runs from the current epoch up to a number of epochs. */
        const upTo = async (epochs: number, resume?: Snapshot): Promise<EndEvent> => {
          const given = options();
          given.metrics[0].epoch = resume?.progress.epoch ?? 0;
          let end: EndEvent | undefined;
          for await (const event of fit(network(), {
            ...given,
            epochs,
            ...(resume && { resume }),
          })) {
            if (event.type === "epoch") given.metrics[0].epoch++;
            if (event.type === "end") end = event;
          }
          return end!;
        };
        const whole = await upTo(values.length);
        let at: Snapshot | undefined;
        for (let epoch = 1; epoch <= values.length; epoch++) {
          const { snapshot } = await upTo(epoch, at);
          at = snapshotFrom(
            snapshot.arrays,
            JSON.parse(JSON.stringify(metadataOf(snapshot))) as ByPath<string>,
          );
        }
        expect(whole.snapshot.progress.best.epoch).toBe(best);
        expect(at!.progress).toEqual(whole.snapshot.progress);
        expect(bits(at!.arrays)).toBe(bits(whole.snapshot.arrays));
      },
    );
  },
);

test("a stopper's state comes back from a file as it was", () => {
  const progress = {
    seed: 1,
    batchSize: 2,
    step: 0,
    epoch: 0,
    batch: 0,
    examples: 0,
    lossParts: [{ total: -0, weight: 0 }],
    metrics: [{ low: -Infinity }],
    stopper: { best: Infinity, last: [NaN, 1] },
    stopped: false,
    history: [],
    best: { epoch: 0, value: null },
  };
  const back = snapshotFrom(
    {},
    JSON.parse(JSON.stringify(metadataOf({ arrays: {}, progress }))) as ByPath<string>,
  ).progress;
  expect(back).toEqual(progress);
  expect(Object.is(back.lossParts[0]!.total, -0)).toBe(true);
});
