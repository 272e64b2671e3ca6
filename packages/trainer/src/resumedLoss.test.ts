import type { Loss } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { dense } from "@tenon/layers";
import { accuracy } from "@tenon/metrics";
import { l2 } from "@tenon/regularizers";
import { reference, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { evaluate } from "./evaluate.js";
import type { EndEvent } from "./events.js";
import { fit } from "./fit.js";
import {
  array,
  composed,
  ignored,
  labels,
  logits,
  none,
  same,
  still,
  twelve,
} from "./internal/testingLosses.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";

test("something over nothing is still infinite, and ends the run", async () => {
  const wrong: Loss<Tensor> = (p, t) => p.square().sum().div(t.notEqual(none).sum());
  let end: EndEvent | undefined;
  for await (const event of fit(dense(3), {
    train: twelve,
    loss: wrong,
    optimizer: still,
    engine: reference(),
    batchSize: 1,
  }))
    if (event.type === "end") end = event;
  expect(end!.reason).toBe("nonFinite");
});

test("a run with a loss of several parts goes on bit for bit in the middle of an epoch", async () => {
  const options = {
    train: twelve,
    loss: composed["by weights, and more"]!,
    penalties: [l2(0.1)],
    optimizer: still,
    batchSize: 5,
    epochs: 2,
    engine: await wasm({ threads: 1 }),
  };
  const ended = async (more: object = {}, until = Infinity): Promise<EndEvent> => {
    const stop = new AbortController();
    let end: EndEvent | undefined;
    for await (const event of fit(dense(3), { ...options, signal: stop.signal, ...more })) {
      if (event.type === "step" && event.step === until) stop.abort();
      if (event.type === "end") end = event;
    }
    return end!;
  };
  const whole = await ended();
  const part = await ended({}, 4);
  const metadata = JSON.parse(JSON.stringify(metadataOf(part.snapshot))) as Record<string, string>;
  const resume = snapshotFrom(part.snapshot.arrays, metadata);
  expect([resume.progress.batch, resume.progress.lossParts.length]).toEqual([1, 3]);
  expect((await ended({ resume })).history).toEqual(whole.history);
  await expect(ended({ resume, loss: ignored, penalties: [] })).rejects.toThrow(
    "resume: expected a loss of 3 parts, as the run had, got 1; give its loss and penalties, or a " +
      "snapshot of the end of an epoch",
  );
});

test("a dataset of which nothing counts has no loss", async () => {
  const data = dataset({
    x: array([2, 3], [1, 2, 3, 4, 5, 6]),
    y: array([2], [none, none], "int32"),
  });
  expect(await evaluate(same, { params: {}, data, loss: ignored, engine: reference() })).toEqual({
    loss: NaN,
  });
  const right = dataset({
    x: array([12, 3], logits),
    y: array(
      [12],
      labels.map((label) => Math.max(0, label)),
      "int32",
    ),
  });
  const scores = await Promise.all(
    [12, 5, 1].map((batchSize) =>
      evaluate(same, {
        params: {},
        data: right,
        loss: crossEntropy,
        metrics: [accuracy],
        engine: reference(),
        batchSize,
      }),
    ),
  );
  expect(new Set(scores.map(({ accuracy: share }) => share)).size).toBe(1);
});
