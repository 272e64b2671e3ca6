import * as tf from "@tensorflow/tfjs";
import { learningRate, serve, task } from "./contender.mjs";

const wasm = process.env.TENON_TFJS === "wasm";
const { batch, hidden, convolutions, dropout } = task;
if (wasm) {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(
    new URL("./node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname,
  );
  registerGradient();
  tuneProducts();
}
await tf.setBackend(wasm ? "wasm" : "cpu");
await tf.ready();

/**
 * The gradient of a convolution's kernel, which the wasm backend lacks, of its own operations: a
 * product for each tap.
 */
function registerGradient() {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({
      inputs,
      attrs: {
        filterShape: [kh, kw, c, o],
      },
    }) => {
      const [x, dy] = [inputs.x, inputs.dy].map((info) =>
        tf.engine().makeTensorFromTensorInfo(info),
      );
      const [n, oh, ow] = dy.shape;
      const grads = dy.reshape([n * oh * ow, o]);
      const taps = [];
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++)
          taps.push(
            tf.matMul(
              x.slice([0, i, j, 0], [n, oh, ow, c]).reshape([n * oh * ow, c]),
              grads,
              true,
              false,
            ),
          );
      return tf.stack(taps).reshape([kh, kw, c, o]);
    },
  });
}

/** Its product is some 25 times faster when transposed operands are transposed first. */
function tuneProducts() {
  const product = tf.getKernel("BatchMatMul", "wasm");
  const transpose = tf.getKernel("Transpose", "wasm");
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    ...product,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const created = [];
      const transposed = (x, turn) => {
        if (!turn) return x;
        const last = x.shape.length - 1;
        const perm = x.shape.map((_, i) => (i === last ? last - 1 : i === last - 1 ? last : i));
        created.push(transpose.kernelFunc({ inputs: { x }, attrs: { perm }, backend }));
        return created.at(-1);
      };
      const result = product.kernelFunc({
        inputs: {
          a: transposed(inputs.a, attrs.transposeA),
          b: transposed(inputs.b, attrs.transposeB),
        },
        attrs: { transposeA: false, transposeB: false },
        backend,
      });
      for (const { dataId } of created) backend.disposeData(dataId);
      return result;
    },
  });
}

const input = { inputShape: [28, 28, 1] };
const layers = convolutions
  ? [
      ...convolutions.flatMap((filters, i) => [
        tf.layers.conv2d({ filters, kernelSize: 3, activation: "relu", ...(i === 0 && input) }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
      ]),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: dropout }),
    ]
  : [
      tf.layers.flatten(input),
      ...hidden.map((units) => tf.layers.dense({ units, activation: "relu" })),
    ];
const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10 })] });
const optimizer = tf.train.adam(learningRate);

const tuned = "tuned by hand: it transposes before it multiplies; has no threads in Node";
const lacking = "; the gradient of a convolution's kernel, which it lacks, is ours";
await serve(
  { version: tf.version.tfjs, note: wasm ? `${tuned}${convolutions ? lacking : ""}` : "" },
  (_, { x, y }) => {
    const loss = tf.tidy(() =>
      optimizer.minimize(
        () =>
          tf.losses.softmaxCrossEntropy(
            tf.oneHot(tf.tensor1d(y, "int32"), 10),
            model.apply(tf.tensor4d(x, [batch, 28, 28, 1]), { training: true }),
          ),
        true,
      ),
    );
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  },
);
