// Your own training loop: no dataset and no epochs, but points that are drawn as they are needed,
// until 98 % of the last 100 batches are right.
import { dense, gelu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam, chain, clipByGlobalNorm } from "@tenon/optimizers";
import { cos, integer, normal, random, sin, uniform } from "@tenon/random";
import { predictor, startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

const [size, classes, seed] = [64, 3, 1];

// Three arms of a spiral.
const rng = random(seed).split("points");
const [x, y] = [new Float32Array(2 * size), new Int32Array(size)];
function draw() {
  for (let i = 0; i < size; i++) {
    y[i] = integer(rng, 0, classes);
    const radius = uniform(rng, 0.05, 1);
    const angle = 5 * radius + (y[i] * 2 * Math.PI) / classes + normal(rng, 0, 0.1);
    x.set([radius * cos(angle), radius * sin(angle)], 2 * i);
  }
}

/** How many of these scores are highest for the right class. */
function right(scores) {
  let count = 0;
  for (let i = 0; i < size; i++) {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    count += row.indexOf(Math.max(...row)) === y[i] ? 1 : 0;
  }
  return count;
}

const model = sequential(dense(64), gelu(), dense(64), gelu(), dense(classes));
const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 5e-3 }));
const engine = await wasm();
const scalar = { shape: [], dtype: "int32" };
const program = engine.compile(
  trainingStep(model, { loss: crossEntropy, optimizer }), // forward, loss, gradients, update
  startOf(model, [2], optimizer, seed),
  { x: { shape: [size, 2] }, y: { shape: [size], dtype: "int32" }, step: scalar, seed: scalar },
);

const last = [];
let step = 0;
const part = () => last.reduce((a, b) => a + b, 0) / (100 * size);
while (part() < 0.98) {
  draw();
  const { loss, predictions, committed } = program.step({ x, y, step, seed });
  if (committed.data[0] === 0) throw new Error(`step ${step} was not finite and changed nothing`);
  if (last.push(right(predictions.data)) > 100) last.shift();
  if (++step % 200 === 0) console.log(`step ${step}: ${loss.data[0]}, ${part().toFixed(3)} right`);
}
const { predict } = predictor(model, { params: program.state().params, engine });
draw();
const { data } = predict({ shape: [size, 2], dtype: "float32", data: x });
console.log(`step ${step}: done; of ${size} new points ${right(data)} are right`);
