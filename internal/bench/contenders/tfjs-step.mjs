// A step of the works in TensorFlow.js, on any of its back ends.
import * as tf from "@tensorflow/tfjs";
import { initialOf } from "./initial.mjs";
import { learningRate } from "./works.mjs";

/** @param backend the name of one that is registered */
export async function tfjsOf(task, backend) {
  if (!(await tf.setBackend(backend).catch(() => false)))
    throw new Error(`TensorFlow.js finds no ${backend} here`);
  await tf.ready();
  const model = modelOf(task);
  model.setWeights(
    initialOf(task).flatMap(({ shape, values }) => [
      tf.tensor(values, shape),
      tf.zeros([shape.at(-1)]),
    ]),
  );
  const optimizer = tf.train.adam(learningRate);
  const lossOf = ({ x, y }) =>
    tf.losses.softmaxCrossEntropy(
      tf.oneHot(tf.tensor1d(y, "int32"), 10),
      model.apply(tf.tensor4d(x, [task.batch, 28, 28, 1]), { training: true }),
    );
  return {
    version: tf.version.tfjs,
    /** Submits a step; its loss has `data()`, `dataSync()` and `dispose()`. */
    step: (batch) => tf.tidy(() => optimizer.minimize(() => lossOf(batch), true)),
  };
}

function modelOf({ hidden = [], convolutions, dropout }) {
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
  return tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10 })] });
}
