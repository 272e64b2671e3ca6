import * as tf from "@tensorflow/tfjs";
import { learningRate, serve, task } from "./contender.mjs";

const backend = process.env.TENON_TFJS ?? "cpu";
let note = "";
if (backend === "wasm") {
  const { setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(new URL("./node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname);
  setThreadsCount(task.threads);
  if (task.convolutions) {
    note = "the gradient that it lacks (of a convolution's kernel) is ours, made of its own operations";
    register("Conv2DBackpropFilter", ({ x, dy }, { filterShape: [kh, kw, c, o] }) => {
      const [n, oh, ow] = dy.shape, slopes = dy.reshape([n * oh * ow, o]), taps = [];
      for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) taps.push(tf.matMul(x.slice([0, i, j, 0], [n, oh, ow, c]).reshape([n * oh * ow, c]), slopes, true, false));
      return tf.stack(taps).reshape([kh, kw, c, o]);
    });
  }
}
await tf.setBackend(backend);
await tf.ready();

function register(kernelName, compute) {
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: ({ inputs, attrs }) => {
    const all = Object.fromEntries(Object.entries(inputs).map(([name, { dataId, shape, dtype }]) => [name, tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype })]));
    return compute(all, attrs);
  } });
}

const { batch, hidden, convolutions } = task;
const input = { inputShape: [28, 28, 1] };
const layers = convolutions ? [...convolutions.flatMap((filters, i) => [tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu", ...(i === 0 && input) }), tf.layers.maxPooling2d({ poolSize: 2 })]), tf.layers.flatten(), tf.layers.dropout({ rate: task.dropout })]
  : [tf.layers.flatten(input), ...hidden.map((units) => tf.layers.dense({ units, activation: "relu" }))];
const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10 })] }), optimizer = tf.train.adam(learningRate);

await serve({ version: tf.version.tfjs, note }, (_, { x, y }) => {
  const loss = tf.tidy(() => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(y, "int32"), 10), model.apply(tf.tensor4d(x, [batch, 28, 28, 1]), { training: true })), true));
  const [value] = loss.dataSync();
  loss.dispose();
  return value;
});
