// A model of TensorFlow.js, with an optimizer and a schedule that it does not have.
import * as tf from "@tensorflow/tfjs";
import { adan, chain, clipByGlobalNorm } from "@tenon/optimizers";
import { warmupCosine } from "@tenon/schedulers";
import { onVariables } from "./adapter.js";

await tf.setBackend("cpu"); // in a page: "webgl" or "webgpu"

// Which points are within the unit circle?
const n = 256;
const points = Array.from({ length: n }, (_, i) => [1.5 * Math.sin(i * i), 1.5 * Math.cos(3 * i)]);
const x = tf.tensor2d(points);
const y = tf.tensor2d(points.map(([a, b]) => [Number(Math.hypot(a, b) < 1)]));

const kernel = (seed) => tf.initializers.glorotUniform({ seed });
const model = tf.sequential();
model.add(
  tf.layers.dense({
    units: 32,
    activation: "tanh",
    inputShape: [2],
    kernelInitializer: kernel(1),
  }),
);
model.add(tf.layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: kernel(2) }));

const variables = Object.fromEntries(model.trainableWeights.map(({ val }) => [val.name, val]));
const [steps, loss] = [300, () => tf.losses.logLoss(y, model.predict(x))];
const rule = adan({ learningRate: warmupCosine({ peak: 0.03, warmup: 20, steps }) });
const step = onVariables(tf, chain(clipByGlobalNorm(1), rule), variables);
for (let i = 0; i < steps; i++) {
  const { value, grads } = tf.variableGrads(loss, Object.values(variables));
  step(grads);
  if (i % 100 === 0) console.log(`step ${i}: loss ${value.dataSync()[0].toFixed(3)}`);
  tf.dispose([value, grads]);
}
console.log(`at the end: loss ${loss().dataSync()[0].toFixed(2)}`);
const right = tf.tidy(() => tf.metrics.binaryAccuracy(y, model.predict(x)).mean().dataSync()[0]);
console.log(`${(100 * right).toFixed(0)} % of the points are right`);
