import type { Schedule, Transform } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { dense } from "@tenon/layers";
import { mse } from "@tenon/losses";
import {
  accumulate,
  adafactor,
  adam,
  chain,
  clipByGlobalNorm,
  dog,
  lookahead,
  madgrad,
  masked,
  mechanize,
  momo,
  muon,
  partition,
  prodigy,
  sam,
  scaleByLearningRate,
  sgd,
  skipNonFinite,
} from "@tenon/optimizers";
import {
  byEpoch,
  constant,
  join,
  product,
  reduceOnPlateau,
  scaled,
  warmup,
} from "@tenon/schedulers";
import { fit, type EndEvent } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

const n = 16;
const train = dataset({
  x: {
    shape: [n, 2],
    dtype: "float32",
    data: Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i)),
  },
  y: {
    shape: [n, 1],
    dtype: "float32",
    data: Float32Array.from({ length: n }, (_, i) => Math.cos(i)),
  },
});

async function run(optimizer: Transform): Promise<EndEvent> {
  const options = { train, loss: mse, epochs: 3, batchSize: 4, seed: 1, engine: await wasm() };
  for await (const event of fit(dense(1), { ...options, optimizer }))
    if (event.type === "end") return event;
  throw new Error("no end");
}

const made =
  (make: (schedule: Schedule) => Schedule) =>
  (rate: Schedule | number): Transform =>
    accumulate(
      sgd({ learningRate: make(typeof rate === "number" ? constant({ value: rate }) : rate) }),
      2,
    );
const everywhere = (): true => true;
const optimizers: Record<string, (learningRate: Schedule | number) => Transform> = {
  accumulate: (learningRate) => accumulate(adam({ learningRate }), 2),
  adafactor: (learningRate) => adafactor({ learningRate }),
  "adafactor with decay": (learningRate) =>
    adafactor({ learningRate, relativeStep: false, weightDecay: 0.1 }),
  chain: (learningRate) => chain(clipByGlobalNorm(1), adam({ learningRate })),
  lookahead: (learningRate) => lookahead(sgd({ learningRate })),
  "lookahead that begins anew": (learningRate) =>
    lookahead(sgd({ learningRate }), { every: 3, reset: true }),
  madgrad: (learningRate) => madgrad({ learningRate }),
  masked: (learningRate) => masked(scaleByLearningRate(learningRate), everywhere),
  mechanize: (learningRate) => mechanize(sgd({ learningRate }), { start: 0.1 }),
  momo: (learningRate) => momo({ learningRate, lowerBound: -1 }),
  muon: (learningRate) => muon({ learningRate }),
  partition: (learningRate) => partition({ all: sgd({ learningRate }) }, () => "all"),
  prodigy: (learningRate) => prodigy({ learningRate }),
  dog: (learningRate) => dog({ learningRate, start: 0.1 }),
  sam: (learningRate) => sam(sgd({ learningRate })),
  "sam, accumulated": (learningRate) => accumulate(sam(sgd({ learningRate })), 2),
  "a schedule of epochs": made((schedule) => byEpoch({ schedule, stepsPerEpoch: 4 })),
  "a second schedule": made((schedule) =>
    join({ schedules: [constant({ value: 0.5 }), schedule], boundaries: [2] }),
  ),
  "a product": made((schedule) => product({ schedules: [constant({ value: 2 }), schedule] })),
  "a multiple": made((schedule) => scaled({ schedule, factor: 2 })),
  "a schedule after a warm-up": made((schedule) => warmup({ steps: 2, schedule })),
  "a multiple of a warm-up": made((schedule) =>
    scaled({ schedule: warmup({ steps: 2, schedule }), factor: 2 }),
  ),
  skipNonFinite: (learningRate) => skipNonFinite(sgd({ learningRate })),
};

test.each(Object.entries(optimizers))(
  "%s has the rate that a value of the epochs reduces",
  async (_, make) => {
    // Never better by all of it: the rate is reduced after the second epoch and the third.
    const start = 0.125;
    const rate = { start, patience: 1, threshold: 1, factor: 0.5, monitor: "train.loss" };
    const { params, snapshot } = await run(make(reduceOnPlateau(rate)));
    expect(snapshot.progress.rates).toMatchObject([{ factor: 0.25 }]);
    const constant = await run(make(start));
    expect(params["kernel"]!.data).not.toEqual(constant.params["kernel"]!.data);
  },
);

test("on an accumulated clock, its values are those of its state", async () => {
  const reduced = { start: 0.125, patience: 1, threshold: 1, factor: 0.5, monitor: "train.loss" };
  const followed = await run(accumulate(sgd({ learningRate: reduceOnPlateau(reduced) }), 2));
  // Two steps make an epoch.
  const known = (step: number): number => (step < 4 ? 0.125 : 0.0625);
  expect(followed.params).toEqual((await run(accumulate(sgd({ learningRate: known }), 2))).params);
});
