import { expect, test } from "vitest";
import type { ByPath, Dataset } from "@tenon/contracts";
import { dataset, prefetch, subset } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { initialize, reference } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { evaluate } from "./evaluate.js";
import { fit } from "./fit.js";
import { bits, descent, network, quadrants } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";

test("a run is resumed with the data it was with, or not at all", async () => {
  const { end } = await run();
  const text = JSON.stringify(metadataOf(end.snapshot));
  const resume = snapshotFrom(end.snapshot.arrays, JSON.parse(text) as ByPath<string>);
  const { x, y } = quadrants(200).source;
  expect(resume.progress.data).toEqual({
    train: await options.train.identity!(),
    validation: await options.validation!.identity!(),
  });
  const flipped = x.data.slice();
  flipped[123] = -flipped[123]!;
  const other = dataset({ x: { ...x, data: flipped }, y });
  const refusal = "resume: expected the training data that the snapshot was taken with";
  await expect(run({ resume, epochs: 5, train: other })).rejects.toThrow(refusal);
  await expect(run({ resume, epochs: 5, train: prefetch(other, 2) })).rejects.toThrow(refusal);
  await expect(
    run({
      resume,
      epochs: 5,
      train: subset(
        quadrants(200),
        Array.from({ length: 200 }, (_, i) => 199 - i),
      ),
    }),
  ).rejects.toThrow(refusal);
  await expect(run({ resume, epochs: 5, validation: other })).rejects.toThrow(
    "resume: expected the validation data",
  );
  const again = await run({
    resume,
    epochs: 5,
    train: prefetch(dataset({ x: { ...x, data: x.data.slice() }, y }), 2),
  });
  expect(bits(again.end.params)).toBe(bits((await run({ epochs: 5 })).end.params));
  // On purpose, with a snapshot that names no data, or data that has no name.
  const { data: _, ...progress } = resume.progress;
  expect(
    (await run({ resume: { ...resume, progress }, epochs: 4, train: other })).end.history,
  ).toHaveLength(4);
  const { identity: _identity, ...nameless } = other;
  expect((await run({ resume, epochs: 4, train: nameless as Dataset })).end.history).toHaveLength(
    4,
  );
});

test("a label that is no class is refused alike by fit and evaluate on both engines", async () => {
  const engines = [reference(), await wasm({ threads: 1 })];
  const { x } = quadrants(4).source;
  for (const engine of engines)
    for (const label of [4, -1]) {
      const data = dataset({
        x,
        y: { shape: [4], dtype: "int32", data: Int32Array.of(0, 1, label, 2) },
      });
      const sentence = `takeAlong: expected indices below 4, the size of the axis, got ${label}; give indices, labels or tokens from 0 to 3. Nothing was changed`;
      await expect(
        (async () => {
          for await (const event of fit(network(), {
            train: data,
            loss: crossEntropy,
            optimizer: descent(0.1),
            engine,
          }))
            void event;
        })(),
      ).rejects.toThrow(sentence);
      const { params, stats } = initialize(network().plan([2]), 1);
      await expect(
        evaluate(network(), { params, stats, data, loss: crossEntropy, engine }),
      ).rejects.toThrow(sentence);
    }
});
