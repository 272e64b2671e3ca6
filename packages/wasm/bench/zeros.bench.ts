// `npm run bench:kernels -- wasm/bench/zeros`: one thread, float32, kernels that leave out zeros
// next to those that do not.
import type { PoolSpec, ConvSpec } from "@tenon/plan";
import type { Conv2dAttrs, Pool2dAttrs } from "@tenon/tensor";
import { chain, imagesPerTile } from "../src/kernels/chain.js";
import { conv2d } from "../src/kernels/conv/im2col/conv2d.js";
import { gemm } from "../src/kernels/gemm/gemm.js";
import { maxPool2d } from "../src/kernels/pool/maxPool2d.js";
import { unpool2d } from "../src/kernels/pool/unpool2d.js";
import { pooledConv2d } from "../src/kernels/conv/maxPool/pooledConv2d.js";
import { unpoolConv2dFilter } from "../src/kernels/conv/maxPool/unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "../src/kernels/conv/maxPool/unpoolConv2dInput.js";
import { sparseGemm } from "../src/kernels/gemm/sparseGemm.js";
import { winogradBack } from "../src/kernels/conv/winograd/winogradBack.js";
import { randomValues, timed, timedStages } from "./measure.js";

const line = (name: string, ...ms: number[]): void =>
  console.log(
    `${name.padEnd(46)} ${ms.map((time) => `${time.toFixed(3).padStart(8)} ms`).join("")}`,
  );

console.log("a product, plain, and with a fraction of nonzero elements of A: 1, 0.5, 0.35, 0.19");
for (const [m, n, k, transposeA, transposeB] of [
  [128, 128, 784, false, false],
  [784, 128, 128, true, false],
  [128, 512, 784, false, false],
  [784, 512, 128, true, false],
  [128, 512, 256, false, true],
] as const) {
  const spec = { m, n, k, transposeA, transposeB };
  const b = randomValues(k * n);
  line(
    `${transposeA ? "xᵀ·g" : transposeB ? "g·wᵀ" : "x·w"} ${m} × ${n} × ${k}`,
    timed(gemm(spec), [m * n], [m * k, k * n]),
    ...[1, 0.5, 0.35, 0.19].map((share) =>
      timedStages(sparseGemm(spec), [m * n], [randomValues(m * k, share), b]),
    ),
  );
}

const specs = (
  images: number,
  size: number,
  c: number,
  o: number,
  kernel = 3,
): { conv: ConvSpec; pool: PoolSpec; windows: number } => {
  const out = size - kernel + 1;
  const across = Math.floor(out / 2);
  const conv: Conv2dAttrs = {
    strides: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    dilation: [1, 1],
    groups: 1,
    image: [size, size],
    kernel: [kernel, kernel],
  };
  const pool: Pool2dAttrs = {
    window: [2, 2],
    strides: [2, 2],
    padding: [
      [0, 0],
      [0, 0],
    ],
    image: [out, out],
  };
  return {
    conv: { x: [images, size, size, c], w: [kernel, kernel, c, o], attrs: conv },
    pool: { x: [images, out, out, o], attrs: pool },
    windows: images * across * across * o,
  };
};

/** The argmaxes of windows of 2×2 in images of `size` × `size`, with `o` channels. */
const randomIndices = (windows: number, size: number, o: number): Int32Array =>
  Int32Array.from({ length: windows }, (_, i) => {
    const across = Math.floor(size / 2);
    const [row, column, cell] = [
      Math.floor(i / (across * o)) % across,
      Math.floor(i / o) % across,
      Math.floor(4 * Math.random()),
    ];
    return (2 * row + (cell >> 1)) * size + 2 * column + (cell & 1);
  });

console.log(
  "both gradients of a convolution behind a max pool: unpooled and then by Winograd, and fused with a " +
    "fraction of nonzero elements: 1, 0.35",
);
{
  const { conv, pool, windows } = specs(64, 13, 32, 64);
  const x = randomValues(64 * 13 * 13 * 32);
  const w = randomValues(9 * 32 * 64);
  const image = 64 * 11 * 11 * 64;
  const indices = randomIndices(windows, 11, 64);
  const unpooled = {
    temporaries: [],
    stages: [{ kernel: unpool2d(pool), operands: [0, 1, 2] }],
  };
  line(
    "64×13×13×32, 3×3 → 64",
    timedStages(unpooled, [image], [randomValues(windows), indices]) +
      timedStages(winogradBack(conv), [x.length, w.length], [randomValues(image), w, x]),
    ...[1, 0.35].map(
      (share) =>
        timedStages(
          unpoolConv2dInput(conv, pool),
          [x.length],
          [randomValues(windows, share), indices, w],
        ) +
        timedStages(
          unpoolConv2dFilter(conv, pool),
          [w.length],
          [x, randomValues(windows, share), indices],
        ),
    ),
  );
}

console.log(
  "the gradient of a first convolution's kernel behind a max pool, with a fraction of nonzero " +
    "elements: 1, 0.5, 0.35",
);
for (const [size, channels, outputs, kernel] of [
  [28, 1, 16, 5],
  [24, 1, 8, 5],
  [32, 3, 32, 3],
] as const) {
  const { conv, pool, windows } = specs(64, size, channels, outputs, kernel);
  const x = randomValues(64 * size * size * channels);
  const indices = randomIndices(windows, size - kernel + 1, outputs);
  line(
    `64×${size}×${size}×${channels}, ${kernel}×${kernel} → ${outputs}`,
    ...[1, 0.5, 0.35].map((share) =>
      timedStages(
        unpoolConv2dFilter(conv, pool),
        [kernel * kernel * channels * outputs],
        [x, randomValues(windows, share), indices],
      ),
    ),
  );
}

console.log(
  "a first convolution and its max pool: one after the other, and as one kernel; images " +
    "without and with a margin of a quarter",
);
{
  const { conv, pool, windows } = specs(64, 28, 1, 32);
  const w = randomValues(9 * 32);
  const length = 64 * 28 * 28;
  const margin = randomValues(length).map((value, i) =>
    [Math.floor(i / 28) % 28, i % 28].every((position) => position >= 7 && position < 21)
      ? value
      : 0,
  );
  const links = [
    { kernel: conv2d(conv), pointer: 0 },
    { kernel: maxPool2d(pool), pointer: 2 },
  ];
  const imageBytes = 4 * 26 * 26 * 32;
  const chained = chain(links, imageBytes, imagesPerTile(links, imageBytes)!);
  const fused = pooledConv2d(conv, pool, {}, 0);
  const run = (kernel: typeof fused, x: Float32Array): number =>
    timedStages(
      { temporaries: [], stages: [{ kernel, operands: [0, 1, 2, 3] }] },
      [windows, windows],
      [x, w],
    );
  for (const [name, x] of [
    ["without", randomValues(length)],
    ["with", margin],
  ] as const)
    line(`64×28×28×1, 3×3 → 32, ${name}`, run(chained, x), run(fused, x));
}
