// How long `--recipe fast` trains on a GPU, and how many test images it then gets right:
// node train.mjs FOLDER. The first run also makes the pipelines; the second shows what is left.
import { accuracy } from "@tenon/metrics";
import { evaluate, fit } from "@tenon/trainer";
import { complete } from "../../../apps/mnist/src/config.js";
import { digits } from "../../../apps/mnist/src/mnist.js";
import { modelFor } from "../../../apps/mnist/src/models.js";
import { optimizerOf } from "../../../apps/mnist/src/optimizer.js";
import { lossOf } from "../../../apps/mnist/src/report.js";
import { take } from "../../../packages/data/src/take.js";
import { quick } from "./chosen.mjs";
import { gpuEngine } from "./engine.mjs";

const folder = process.argv
  .slice(2)
  .filter((word) => !word.startsWith("--"))
  .at(-1);
const { engine } = await gpuEngine();
for (const seed of quick ? [1] : [1, 2, 3]) {
  const config = complete({ data: folder, seed }, "fast");
  const all = await digits(config);
  const data = quick ? { ...all, train: take(all.train, 256), test: take(all.test, 64) } : all;
  const model = modelFor(config, data.train.x.shape, data.source, false);
  const stepsPerEpoch = Math.ceil(data.train.size / config.batchSize);
  const began = performance.now();
  let end;
  for await (const event of fit(model, {
    loss: lossOf(config),
    optimizer: optimizerOf(config, stepsPerEpoch),
    train: data.train,
    epochs: config.epochs,
    batchSize: quick ? 64 : config.batchSize,
    seed,
    engine,
  })) {
    if (event.type === "end") end = event;
  }
  const seconds = (performance.now() - began) / 1000;
  const { params, stats } = end;
  const scores = await evaluate(model, {
    ...{ params, stats, loss: lossOf(config), metrics: [accuracy], data: data.test },
    engine,
  });
  console.log(
    JSON.stringify({
      recipe: "fast",
      seed,
      seconds: +seconds.toFixed(3),
      ...scores,
    }),
  );
}
process.exit(0);
