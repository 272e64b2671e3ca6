// `npm run bench:kernels -- wasm/bench/conv`: one thread, float32, as a fraction of the peak of the
// registers.
import type { ConvSpec } from "@tenon/plan";
import type { Conv2dAttrs } from "@tenon/tensor";
import { conv2d } from "../src/kernels/conv/im2col/conv2d.js";
import { conv2dFilter } from "../src/kernels/conv/im2col/conv2dFilter.js";
import { conv2dInput } from "../src/kernels/conv/im2col/conv2dInput.js";
import {
  depthwise,
  depthwiseFits,
  depthwiseInput,
} from "../src/kernels/conv/depthwise/depthwise.js";
import { depthwiseFilter } from "../src/kernels/conv/depthwise/depthwiseFilter.js";
import { geometry } from "../src/kernels/conv/geometry.js";
import type { Stages } from "../src/kernels/kernel.js";
import { maxPool2d } from "../src/kernels/pool/maxPool2d.js";
import { unpool2d } from "../src/kernels/pool/unpool2d.js";
import { winograd, winogradFits } from "../src/kernels/conv/winograd/winograd.js";
import { winogradFilter } from "../src/kernels/conv/winograd/winogradFilter.js";
import { winogradInput } from "../src/kernels/conv/winograd/winogradInput.js";
import { randomValues, peak, report, timed, timedStages } from "./measure.js";

const best = peak();
console.log(`registers, multiply then add: ${best.toFixed(1)} GFLOP/s`);

const spec = (x: number[], w: number[], stride = 1, pad = 0): ConvSpec => {
  const attrs: Conv2dAttrs = {
    strides: [stride, stride],
    padding: [
      [pad, pad],
      [pad, pad],
    ],
    dilation: [1, 1],
    groups: x[3]! / w[2]!,
    image: [x[1]!, x[2]!],
    kernel: [w[0]!, w[1]!],
  };
  return { x, w, attrs };
};
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
for (const [name, given] of [
  ["64×28×28×1, 3×3 → 32", spec([64, 28, 28, 1], [3, 3, 1, 32])],
  ["64×13×13×32, 3×3 → 64", spec([64, 13, 13, 32], [3, 3, 32, 64])],
  ["64×28×28×1, 5×5 padded → 32", spec([64, 28, 28, 1], [5, 5, 1, 32], 1, 2)],
  ["32×32×32×32, 3×3 padded, stride 2 → 64", spec([32, 32, 32, 32], [3, 3, 32, 64], 2, 1)],
  ["8×14×14×256, 3×3 padded → 256", spec([8, 14, 14, 256], [3, 3, 256, 256], 1, 1)],
  ["32×14×14×128, 1×1 → 128", spec([32, 14, 14, 128], [1, 1, 128, 128])],
  ["1×56×56×64, 3×3 padded → 64", spec([1, 56, 56, 64], [3, 3, 64, 64], 1, 1)],
  ["32×14×14×64, 3×3 padded, depthwise", spec([32, 14, 14, 64], [3, 3, 1, 64], 1, 1)],
  ["64×28×28×64, 3×3 padded, depthwise", spec([64, 28, 28, 64], [3, 3, 1, 64], 1, 1)],
  ["64×14×14×256, 3×3 padded, stride 2, depthwise", spec([64, 14, 14, 256], [3, 3, 1, 256], 2, 1)],
  ["8×14×14×192, 5×5 padded, depthwise", spec([8, 14, 14, 192], [5, 5, 1, 192], 1, 2)],
  ["8×56×56×96, 7×7 padded, depthwise", spec([8, 56, 56, 96], [7, 7, 1, 96], 1, 3)],
] as const) {
  const g = geometry(given);
  const y = g.images * g.pixels * g.o;
  const x = sizeOf(given.x);
  const w = sizeOf(given.w);
  const staged = (stages: Stages, [output, ...inputs]: readonly [number, ...number[]]): number =>
    timedStages(
      stages,
      [output],
      inputs.map((length) => randomValues(length)),
    );
  report(`${name}: forward`, g.flops, timed(conv2d(given), [y], [x, w]), best);
  report(`${name}: image's gradient`, g.flops, timed(conv2dInput(given), [x], [y, w]), best);
  if (winogradFits(given)) {
    // Counted as plain sums would be: a rate beyond the peak is work saved.
    report(`${name}: forward, Winograd`, g.flops, staged(winograd(given), [y, x, w]), best);
    report(
      `${name}: image's gradient, Winograd`,
      g.flops,
      staged(winogradInput(given), [x, y, w]),
      best,
    );
  }
  report(`${name}: kernel's gradient`, g.flops, staged(conv2dFilter(given), [w, x, y]), best);
  if (depthwiseFits(given)) {
    report(`${name}: forward, direct`, g.flops, timed(depthwise(given), [y], [x, w]), best);
    report(
      `${name}: image's gradient, direct`,
      g.flops,
      timed(depthwiseInput(given), [x], [y, w]),
      best,
    );
    report(
      `${name}: kernel's gradient, direct`,
      g.flops,
      staged(depthwiseFilter(given), [w, x, y]),
      best,
    );
  }
  if (winogradFits(given))
    report(
      `${name}: kernel's gradient, Winograd`,
      g.flops,
      staged(winogradFilter(given), [w, x, y]),
      best,
    );
}

for (const x of [
  [64, 26, 26, 32],
  [64, 11, 11, 64],
]) {
  const pool = {
    x,
    attrs: {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      image: [x[1]!, x[2]!],
    },
  } as const;
  const [image, out] = [sizeOf(x), x[0]! * Math.floor(x[1]! / 2) * Math.floor(x[2]! / 2) * x[3]!];
  const line = (name: string, ms: number): void =>
    console.log(
      `${`${x.join("×")}, 2×2: ${name}`.padEnd(52)} ${ms.toFixed(3).padStart(9)} ms ${((4 * (image + 2 * out)) / ms / 1e6).toFixed(1).padStart(7)} GB/s`,
    );
  line("max pool and argmax indices", timed(maxPool2d(pool), [out, out], [image]));
  line("max pool's gradient", timed(unpool2d(pool), [image], [out, out]));
}
