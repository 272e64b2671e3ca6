import { readFileSync } from "node:fs";
import { glorot, learningRate, serve, task } from "./contender.mjs";

// It uses one thread for each core, or one where memory cannot be shared.
if (task.threads === 1) delete globalThis.SharedArrayBuffer;
const { defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import("@jax-js/jax");
await init("wasm");
defaultDevice("wasm");
const { version } = JSON.parse(
  readFileSync(new URL("./node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
);

const { batch, hidden, convolutions } = task;
const array = (shape, fanIn, fanOut, seed) =>
  np.array(glorot(shape, fanIn, fanOut, seed)).reshape(shape);
const params = [];
const add = (rows, columns, fanIn, fanOut) =>
  params.push(array([rows, columns], fanIn, fanOut, params.length + 1), np.zeros([columns]));
if (convolutions) {
  let channels = 1;
  for (const filters of convolutions) {
    add(9 * channels, filters, 9 * channels, 9 * filters);
    channels = filters;
  }
  add(1600, 10, 1600, 10);
} else [784, ...hidden].forEach((units, i) => add(units, hidden[i] ?? 10, units, hidden[i] ?? 10));

/** Its own convolution is slower still: patches as the rows of a matrix, then a product. */
const convolve = (x, w, b) => {
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
};
const pool = (x) => {
  const [n, h, w, c] = x.shape;
  const [oh, ow] = [h >> 1, w >> 1];
  return np.max(x.slice([], [0, 2 * oh], [0, 2 * ow], []).reshape([n, oh, 2, ow, 2, c]), [2, 4]);
};
const logits = (params, x, mask) => {
  const remaining = [...params];
  if (convolutions) {
    x = x.reshape([batch, 28, 28, 1]);
    for (let i = 0; i < convolutions.length; i++)
      x = pool(nn.relu(convolve(x, remaining.shift(), remaining.shift())));
    x = x.reshape([batch, 1600]).mul(mask);
  } else mask.dispose();
  while (remaining.length > 0) {
    x = np.matmul(x, remaining.shift()).add(remaining.shift());
    if (remaining.length > 0) x = nn.relu(x);
  }
  return x;
};
const lossOf = (params, x, y, mask) =>
  np.sum(nn.logSoftmax(logits(params, x, mask)).mul(y)).mul(-1 / batch);

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
await serve(
  {
    version,
    note: convolutions
      ? "convolutions as windows and a product, by hand: its own are far slower"
      : "",
  },
  (stepIndex, { x, y }) => {
    const onehot = new Float32Array(batch * 10);
    y.forEach((label, i) => {
      onehot[10 * i + label] = 1;
    });
    const mask = convolutions
      ? np
          .array(
            Float32Array.from({ length: batch * 1600 }, () =>
              Math.random() < task.dropout ? 0 : 1 / (1 - task.dropout),
            ),
          )
          .reshape([batch, 1600])
      : np.zeros([1]);
    const [p, m, v, loss] = step(
      ...state,
      np.array(x).reshape([batch, 784]),
      np.array(onehot).reshape([batch, 10]),
      mask,
      np.array(learningRate / (1 - 0.9 ** (stepIndex + 1))),
      np.array(1 / (1 - 0.999 ** (stepIndex + 1))),
    );
    state = [p, m, v];
    return loss.dataSync()[0];
  },
);
