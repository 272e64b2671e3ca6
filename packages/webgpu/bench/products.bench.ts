// How long products take with each tile and number of parts, on the GPU that is there: the
// constants of `cutOf` come from here. `npm run bench -- --gpu --pack FOLDER` bundles it:
// `node products.mjs` there.
import { createRequire } from "node:module";
import { shadersOf } from "../src/compose.js";
import { machineOf } from "../src/device.js";
import {
  convolutionProduct,
  filterGradientProduct,
  inputGradientProduct,
  matrixProduct,
} from "../src/kernels/factors.js";
import { product, type ProductSpec } from "../src/kernels/product.js";
import type { Shader } from "../src/sharing.js";
import { tiles } from "../src/kernels/tiles.js";
import { usage } from "../src/usage.js";

const dawn = process.env["TENON_DAWN"];
const gpu = createRequire(import.meta.url)(dawn!).create([
  "disable-dawn-features=timestamp_quantization",
]);
const { device } = await machineOf({ gpu });

const matrices = (m: number, n: number, k: number, transposeA = false, transposeB = false) =>
  matrixProduct({ m, n, k, transposeA, transposeB });
const conv = (n: number, size: number, channels: number, outputs: number) => ({
  x: [n, size, size, channels],
  w: [3, 3, channels, outputs],
  attrs: {
    strides: [1, 1],
    dilation: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    groups: 1,
    image: [size, size],
    kernel: [3, 3],
  } as const,
});
const specs: Record<string, ProductSpec> = {
  "128x128x784": matrices(128, 128, 784),
  "784x128x128 t": matrices(784, 128, 128, true),
  "128x10x128": matrices(128, 10, 128),
  "128x512x784": matrices(128, 512, 784),
  "128x256x512": matrices(128, 256, 512),
  "784x512x128 t": matrices(784, 512, 128, true),
  "512x256x128 t": matrices(512, 256, 128, true),
  "128x512x256 nt": matrices(128, 512, 256, false, true),
  "64x10x1600": matrices(64, 10, 1600),
  conv1: convolutionProduct(conv(64, 28, 1, 32)),
  conv2: convolutionProduct(conv(64, 13, 32, 64)),
  "conv2 input": inputGradientProduct(conv(64, 13, 32, 64)),
  "conv2 filter": filterGradientProduct(conv(64, 13, 32, 64)),
  "conv1 filter": filterGradientProduct(conv(64, 28, 1, 32)),
  "512": matrices(512, 512, 512),
  "1024": matrices(1024, 1024, 1024),
  "2048": matrices(2048, 2048, 2048),
};
const bytes = 256 << 20;
const memory = device.createBuffer({ size: bytes, usage: usage.storage | usage.copySource });
const bindLayout = device.createBindGroupLayout({
  entries: [{ binding: 0, visibility: 4, buffer: { type: "storage" } }],
});
const layout = device.createPipelineLayout({ bindGroupLayouts: [bindLayout] });
const bindings = device.createBindGroup({
  layout: bindLayout,
  entries: [{ binding: 0, resource: { buffer: memory } }],
});
const repeats = 50;
const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
const resolved = device.createBuffer({ size: 16, usage: usage.queryResolve | usage.copySource });
const read = device.createBuffer({ size: 16, usage: usage.mapRead | usage.copyDestination });

const pipelineOf = ({ code }: { readonly code: string }): object =>
  device.createComputePipeline({
    layout,
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });

/** The time of some dispatches, one after the other, in microseconds. */
async function time(
  pipelines: readonly object[],
  codes: readonly { readonly workgroups: number }[],
): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < 4; round++) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < repeats; i++)
      codes.forEach(({ workgroups }, k) => {
        pass.setPipeline(pipelines[k]!);
        const rows = Math.ceil(workgroups / 65535);
        pass.dispatchWorkgroups(Math.ceil(workgroups / rows), rows);
      });
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(1);
    const [begin, end] = new BigUint64Array(read.getMappedRange().slice(0));
    read.unmap();
    best = Math.min(best, Number(end! - begin!) / 1e3 / repeats);
  }
  return best;
}

const only = process.argv[2] ? new RegExp(process.argv[2]) : /./;
for (const [name, spec] of Object.entries(specs)) {
  if (!only.test(name)) continue;
  const made: { tile: string; parts: number; pipelines: object[]; codes: Shader[] }[] = [];
  for (const tile of tiles)
    for (const parts of [1, 2, 4, 8, 16, 32, 64]) {
      const area = Math.ceil(spec.m / tile.m) * Math.ceil(spec.n / tile.n);
      if (parts > 1 && spec.k / parts < tile.k / 2) continue;
      if (area * parts > 20000 || (area * parts < 4 && spec.k > 512)) continue;
      const work = product(spec, { tile, parts });
      const kernels = "stages" in work ? work.stages.map(({ kernel }) => kernel) : [work];
      const codes = kernels.flatMap((kernel) => {
        const buffers = kernel.operands.map((_, i) => ({ bytes: 4 + i }));
        const offsets = new Map(buffers.map((buffer, i) => [buffer, i * (64 << 20)]));
        const step = { kernel, operands: buffers, writes: [0], label: name, fused: 1 };
        return shadersOf([[{ levels: [[step]], rows: 0 }]], {
          offsets,
          bytes,
          stateBuffers: new Set(),
          failures: new Map(),
          isApart: false,
        });
      });
      made.push({
        tile: `${tile.m}x${tile.n}x${tile.k}`,
        ...{ parts, codes },
        pipelines: codes.map(pipelineOf),
      });
    }
  // A GPU that had nothing to do is slow at first.
  for (let i = 0; i < 40; i++) await time(made[0]!.pipelines, made[0]!.codes);
  const rows: { tile: string; parts: number; us: number }[] = [];
  for (const { tile, parts, pipelines, codes } of made)
    rows.push({ tile, parts, us: +(await time(pipelines, codes)).toFixed(2) });
  rows.sort((a, b) => a.us - b.us);
  const flops = 2 * spec.m * spec.n * spec.k;
  console.log(name, `${(flops / rows[0]!.us / 1e6).toFixed(2)} TFLOP/s`);
  for (const { tile, parts, us } of rows.slice(0, 6)) console.log(`   ${tile} ${parts} ${us}`);
}
process.exit(0);
