// `npm run bench:kernels -- wasm/bench/gemm`: one thread, float32, as a fraction of the peak of the
// registers.
import { gemm } from "../src/kernels/gemm/gemm.js";
import { peak, report, timed } from "./measure.js";

const best = peak();
console.log(`registers, multiply then add: ${best.toFixed(1)} GFLOP/s`);
const sizes: [number, number, number][] = [
  [64, 64, 64],
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  [128, 128, 784],
  [128, 512, 784],
  [1792, 512, 128],
  [128, 10, 128],
  [64, 10, 1600],
  [676, 32, 9],
  [121, 64, 288],
  [1, 1000, 1000],
  [1000, 1, 1000],
  [4, 512, 512],
];
for (const [m, n, k] of sizes) {
  // A dense layer's three products: x·w, the input's gradient g·wᵀ, the weights' gradient xᵀ·g.
  for (const [name, spec] of [
    ["x·w", { m, n, k, transposeA: false, transposeB: false }],
    ["g·wᵀ", { m, n: k, k: n, transposeA: false, transposeB: true }],
    ["xᵀ·g", { m: k, n, k: m, transposeA: true, transposeB: false }],
  ] as const) {
    const kernel = gemm(spec);
    report(
      `${name.padEnd(5)} ${spec.m} × ${spec.n} × ${spec.k}`,
      kernel.flops,
      timed(kernel, [spec.m * spec.n], [spec.m * spec.k, spec.k * spec.n]),
      best,
    );
  }
}
