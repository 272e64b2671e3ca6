// node observe.mjs '{"work":"W1","threads":1,"seconds":2,"every":50}': what observation costs, as a
// line of JSON.
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { fit, statistics, statisticsOf } from "@tenon/trainer";
import { engineOf, modelOf, programOf } from "../contenders/tenon-program.mjs";
import { learningRate, works } from "../contenders/works.mjs";
import { noise } from "./noise.mjs";

const { work, threads, seconds, every } = JSON.parse(process.argv[2]);
const task = works[work];
const { batch } = task;
const engine = await engineOf(threads);
const { x: pixels, y } = noise(batch);
/** As in MNIST, about a fifth of the pixels are not zero. */
const x = pixels.map((pixel, i) => (i % 5 === 0 ? pixel : 0));

/** Milliseconds of plain steps and of observed ones, which take turns. */
function steps() {
  const programs = [false, true].map((observe) => programOf(engine, task, observe));
  const times = [[], []];
  const begin = performance.now();
  for (let step = 0; step < 40 || performance.now() - begin < 1000 * seconds; step++)
    for (const [i, program] of programs.entries()) {
      const began = performance.now();
      const { observed } = program.step({ x, y, step, seed: 1 });
      if (observed) statisticsOf(observed);
      times[i].push(performance.now() - began);
    }
  // After the first of them the compilers have settled.
  const [plain, observed] = times.map((all) => all.slice(20));
  return { plain, observed };
}

/** Batches of the same images, of which an epoch has ten. */
const train = {
  size: 10 * batch,
  x: { shape: [28, 28, 1], dtype: "float32" },
  y: { shape: [], dtype: "int32" },
  *batches() {
    const images = { shape: [batch, 28, 28, 1], dtype: "float32", data: x };
    for (let i = 0; i < 10; i++)
      yield { x: images, y: { shape: [batch], dtype: "int32", data: y } };
  },
};

/** Milliseconds of a whole run of `fit`, compilation included. */
async function run(count, observe) {
  const options = { train, loss: crossEntropy, optimizer: adam({ learningRate }), engine };
  const began = performance.now();
  for await (const _ of fit(modelOf(task), {
    ...options,
    batchSize: batch,
    epochs: count / 10,
    ...(observe && { observe }),
  }));
  return performance.now() - began;
}

const { plain, observed } = steps();
const median = plain.toSorted((a, b) => a - b)[Math.floor(plain.length / 2)];
// As many steps as take four times as long as the steps above.
const count = Math.max(every, 10 * Math.ceil((400 * seconds) / median));
const runs = { plain: [], observed: [] };
for (let turn = 0; turn < 3; turn++)
  for (const name of turn % 2 === 0 ? ["plain", "observed"] : ["observed", "plain"])
    runs[name].push(await run(count, name === "observed" && statistics({ every })));
const { threads: alive } = engine;
process.stdout.write(
  `${JSON.stringify({ work, threads: alive, every, plain, observed, count, runs })}\n`,
);
process.exit(0);
