// node observe.mjs '{"works":["W1"],"threads":1,"seconds":2,"every":50}': what observation costs, one
// line of JSON for each work.
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { fit, statisticsOf } from "@tenon/trainer";
import { engineOf, modelOf, programOf } from "../contenders/tenon-program.mjs";
import { learningRate, works } from "../contenders/works.mjs";
import { noise } from "./noise.mjs";

const { works: wanted, threads, seconds, every } = JSON.parse(process.argv[2]);
const engine = await engineOf(threads);

/** Milliseconds of plain steps and of observed ones, which take turns. */
function steps({ batch, ...task }) {
  const { x, y } = noise(batch);
  const programs = [false, true].map((observe) => programOf(engine, { batch, ...task }, observe));
  const times = [[], []];
  let step = 0;
  const begin = performance.now();
  while (times[0].length < 30 || performance.now() - begin < 1000 * seconds) {
    for (const [i, program] of programs.entries()) {
      const began = performance.now();
      const { observed } = program.step({ x, y, step, seed: 1 });
      if (observed) statisticsOf(observed);
      times[i].push(performance.now() - began);
    }
    step++;
  }
  // The compilers have settled after the first of them.
  const [plain, observed] = times.map((all) => all.slice(10));
  return { plain, observed };
}

/** Milliseconds of a whole run of `fit`, compilation included. */
async function run({ batch, ...task }, count, observe) {
  const { x, y } = noise(batch);
  const images = { shape: [batch, 28, 28, 1], dtype: "float32", data: x };
  const labels = { shape: [batch], dtype: "int32", data: y };
  const train = {
    size: 10 * batch,
    x: { shape: [28, 28, 1], dtype: "float32" },
    y: { shape: [], dtype: "int32" },
    *batches() {
      for (let i = 0; i < 10; i++) yield { x: images, y: labels };
    },
  };
  const optimizer = adam({ learningRate });
  const options = { train, loss: crossEntropy, optimizer, batchSize: batch, epochs: count / 10 };
  const began = performance.now();
  for await (const _ of fit(modelOf(task), { ...options, engine, ...(observe && { observe }) }));
  return performance.now() - began;
}

for (const work of wanted) {
  const { plain, observed } = steps(works[work]);
  // As many steps as take a few seconds, in whole epochs of ten.
  const median = plain.toSorted((a, b) => a - b)[Math.floor(plain.length / 2)];
  const count = Math.max(every, 10 * Math.ceil((100 * seconds) / median));
  const runs = { plain: [], observed: [] };
  for (let turn = 0; turn < 3; turn++)
    for (const name of turn % 2 === 0 ? ["plain", "observed"] : ["observed", "plain"])
      runs[name].push(await run(works[work], count, name === "observed" && { every }));
  process.stdout.write(
    `${JSON.stringify({ work, threads: engine.threads, plain, observed, count, every, runs })}\n`,
  );
}
process.exit(0);
