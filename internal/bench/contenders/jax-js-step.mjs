// A step of the works in jax-js, on its back end for processors or on the one for GPUs.
import { readFileSync } from "node:fs";
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { initialOf } from "./initial.mjs";
import { learningRate } from "./works.mjs";

/** Convolutions as products: patches as the rows of a matrix. Images [n, height, width, c]. */
const byHand = {
  images: (batch) => [batch, 28, 28, 1],
  weights: ({ shape, values }) =>
    np.array(values).reshape(shape.length === 4 ? [9 * shape[2], shape[3]] : shape),
  bias: (filters) => np.zeros([filters]),
  convolve(x, w, b) {
    const [n, h, width, c] = x.shape;
    const [oh, ow] = [h - 2, width - 2];
    const parts = [];
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) parts.push(x.ref.slice([], [i, i + oh], [j, j + ow], []));
    x.dispose();
    return np
      .matmul(np.concatenate(parts, 3).reshape([n * oh * ow, 9 * c]), w)
      .add(b)
      .reshape([n, oh, ow, -1]);
  },
  pool(x) {
    const [n, h, w, c] = x.shape;
    const [oh, ow] = [h >> 1, w >> 1];
    const even = x.slice([], [0, 2 * oh], [0, 2 * ow], []);
    return np.max(even.reshape([n, oh, 2, ow, 2, c]), [2, 4]);
  },
};

/** Its own convolutions and pools. Images [n, c, height, width]. */
const itsOwn = {
  images: (batch) => [batch, 1, 28, 28],
  weights({ shape, values }) {
    if (shape.length === 4) return arrayOf(transposed(values, shape, [3, 2, 0, 1]));
    // The last layer sees the channels first.
    if (shape[0] % 25 !== 0) return np.array(values).reshape(shape);
    const { data } = transposed(values, [5, 5, shape[0] / 25, shape[1]], [2, 0, 1, 3]);
    return arrayOf({ data, shape });
  },
  bias: (filters) => np.zeros([filters, 1, 1]),
  convolve: (x, w, b) => lax.convGeneralDilated(x, w, [1, 1], "VALID").add(b),
  pool: (x) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]),
};

const arrayOf = ({ data, shape }) => np.array(data).reshape(shape);

/** Four axes in another order. */
function transposed(values, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const to = order.map((axis) => shape[axis]);
  const data = new Float32Array(values.length);
  let at = 0;
  for (let i = 0; i < to[0]; i++)
    for (let j = 0; j < to[1]; j++)
      for (let k = 0; k < to[2]; k++)
        for (let l = 0; l < to[3]; l++)
          data[at++] =
            values[
              [i, j, k, l].reduce((sum, index, axis) => sum + index * strides[order[axis]], 0)
            ];
  return { data, shape: to };
}

/** The logits of a batch. */
function logitsOf({ batch, convolutions = [] }, { images, convolve, pool }, params, x, mask) {
  const remaining = [...params];
  if (convolutions.length > 0) {
    x = x.reshape(images(batch));
    for (let i = 0; i < convolutions.length; i++)
      x = pool(nn.relu(convolve(x, remaining.shift(), remaining.shift())));
    x = x.reshape([batch, 1600]).mul(mask);
  } else mask.dispose();
  while (remaining.length > 0) {
    x = np.matmul(x, remaining.shift()).add(remaining.shift());
    if (remaining.length > 0) x = nn.relu(x);
  }
  return x;
}

/** Masks of dropout, made before: eight in turn. */
function masksOf({ batch, convolutions, dropout }) {
  if (!convolutions) return () => np.zeros([1]);
  const draw = () => (Math.random() < dropout ? 0 : 1 / (1 - dropout));
  const masks = Array.from({ length: 8 }, () => Float32Array.from({ length: batch * 1600 }, draw));
  return (step) => np.array(masks[step % 8]).reshape([batch, 1600]);
}

/** @param device "wasm" or "webgpu": of each the convolutions that are faster there */
export async function jaxJsOf(task, device) {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js finds no ${device} here`);
  defaultDevice(device);
  const { batch, convolutions } = task;
  const images = device === "webgpu" ? itsOwn : byHand;
  const params = initialOf(task).flatMap((layer) => {
    const units = layer.shape.at(-1);
    return [
      images.weights(layer),
      layer.shape.length === 4 ? images.bias(units) : np.zeros([units]),
    ];
  });
  const lossOf = (params, x, y, mask) =>
    np.sum(nn.logSoftmax(logitsOf(task, images, params, x, mask)).mul(y)).mul(-1 / batch);
  // eslint-disable-next-line max-params -- what is traced is an argument
  const step = jit((params, m, v, x, y, mask, rate, spread) => {
    const [loss, g] = valueAndGrad(lossOf)(tree.ref(params), x, y, mask);
    const m1 = m.map((was, i) => was.mul(0.9).add(g[i].ref.mul(0.1)));
    const v1 = v.map((was, i) => was.mul(0.999).add(np.square(g[i]).mul(0.001)));
    const after = params.map((p, i) =>
      p.sub(m1[i].ref.mul(rate.ref).div(np.sqrt(v1[i].ref.mul(spread.ref)).add(1e-8))),
    );
    rate.dispose();
    spread.dispose();
    return [after, m1, v1, loss];
  });
  let state = [params, params.map((p) => np.zeros(p.shape)), params.map((p) => np.zeros(p.shape))];
  const maskOf = masksOf(task);
  const { dependencies } = JSON.parse(
    readFileSync(new URL("./package.json", import.meta.url), "utf8"),
  );
  return {
    version: dependencies["@jax-js/jax"],
    note:
      convolutions && images === byHand
        ? "convolutions as windows and a product, by hand: its own are far slower"
        : "",
    /** Submits a step; its loss has `jsAsync()`, `dataSync()` and `dispose()`. */
    step(at, { x, y }) {
      const onehot = new Float32Array(batch * 10);
      y.forEach((label, i) => {
        onehot[10 * i + label] = 1;
      });
      const [p, m, v, loss] = step(
        ...state,
        np.array(x).reshape([batch, 784]),
        np.array(onehot).reshape([batch, 10]),
        maskOf(at),
        np.array(learningRate / (1 - 0.9 ** (at + 1))),
        np.array(1 / (1 - 0.999 ** (at + 1))),
      );
      state = [p, m, v];
      return loss;
    },
  };
}
