import { expect, test } from "vitest";
import type { ByPath, Dataset } from "@tenon/contracts";
import { dataset, prefetch, subset } from "@tenon/data";
import { dense, embedding, flatten, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { initialize, reference } from "@tenon/tensor";
import { delayed, refusal } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { evaluate } from "./evaluate.js";
import { fit } from "./fit.js";
import { bits, descent, digest, network, quadrants } from "./internal/testing.js";
import { options, run } from "./internal/testingRun.js";
import { predictor } from "./predictor.js";
import { metadataOf, snapshotFrom } from "./snapshot.js";

test("a run is resumed with the data it was with, or not at all", async () => {
  const checkpoints = { write() {}, digest };
  const { end } = await run({ checkpoints });
  const text = JSON.stringify(metadataOf(end.snapshot));
  const resume = snapshotFrom(end.snapshot.arrays, JSON.parse(text) as ByPath<string>);
  const again = { resume, checkpoints, epochs: 5 };
  const { x, y } = quadrants(200).source;
  expect(resume.progress.data).toEqual({
    train: await options.train.identity!(digest),
    validation: await options.validation!.identity!(digest),
  });
  const flipped = x.data.slice();
  flipped[123] = -flipped[123]!;
  const other = dataset({ x: { ...x, data: flipped }, y });
  const backwards = Array.from({ length: 200 }, (_, i) => 199 - i);
  const message = "resume: expected the train data that the snapshot was taken with";
  for (const train of [other, prefetch(other, 2), subset(quadrants(200), backwards)])
    await expect(run({ ...again, train })).rejects.toThrow(message);
  await expect(run({ ...again, validation: other })).rejects.toThrow(
    "resume: expected the validation data",
  );
  const same = prefetch(dataset({ x: { ...x, data: x.data.slice() }, y }), 2);
  const longer = await run({ ...again, train: same });
  expect(bits(longer.end.params)).toBe(bits((await run({ epochs: 5 })).end.params));
  // On purpose: a snapshot that names no data, data without a name, checkpoints without a digest.
  const { data: _, ...progress } = resume.progress;
  const { identity: _identity, ...nameless } = other;
  const unnamed = { ...resume, progress };
  const { write } = checkpoints;
  for (const more of [
    { resume: unnamed, train: other },
    { train: nameless as Dataset },
    { checkpoints: { write }, train: other },
  ])
    expect((await run({ ...again, epochs: 4, ...more })).end.history).toHaveLength(4);
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
      const fix =
        label < 0
          ? "count from 0; crossEntropy and nll leave -1 out by ignoreIndex"
          : "count from 0, or add outputs";
      const sentence = (who: string): string =>
        `${who}: expected labels below 4, the number of classes, got ${label}; ${fix}. Nothing was changed`;
      const trial = async (more: { readonly train: Dataset; readonly validation?: Dataset }) => {
        const [loss, optimizer] = [crossEntropy, descent(0.1)];
        for await (const event of fit(network(), { ...more, loss, optimizer, engine })) void event;
      };
      await expect(trial({ train: data })).rejects.toThrow(refusal(sentence("fit")));
      await expect(trial({ train: quadrants(4), validation: data })).rejects.toThrow(
        refusal(sentence("fit, validation")),
      );
      const { params, stats } = initialize(network().plan([2]), 1);
      await expect(
        evaluate(network(), { params, stats, data, loss: crossEntropy, engine }),
      ).rejects.toThrow(refusal(sentence("evaluate")));
    }
});

test("a token that an embedding does not have is refused in the name of who was called", async () => {
  const model = sequential(embedding(5, 2), flatten(), dense(7));
  const x = { shape: [2, 2], dtype: "int32", data: Int32Array.of(0, 4, 5, 1) } as const;
  const y = { shape: [2], dtype: "int32", data: Int32Array.of(5, 6) } as const; // both are classes
  const said = (who: string): Error =>
    refusal(`${who}: expected inputs below 5, the number of rows, got 5; give the layer more rows`);
  const { params, stats } = initialize(model.plan([2]), 1);
  for (const engine of [reference(), await wasm({ threads: 1 })]) {
    const options = { loss: crossEntropy, engine };
    await expect(
      (async () => {
        for await (const event of fit(model, {
          ...options,
          train: dataset({ x, y }),
          optimizer: descent(0.1),
        }))
          void event;
      })(),
    ).rejects.toThrow(said("fit"));
    expect(() => predictor(model, { params, stats, engine }).predict(x)).toThrow(said("predict"));
  }
  const later = predictor(model, { params, stats, engine: delayed(reference()) });
  await expect(later.predict(x)).rejects.toThrow(said("predict"));
});
