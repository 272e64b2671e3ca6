import type { Schedule, Transform } from "@tenon/contracts";
import { dataset, rescale, take, toUnit } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { modelOf } from "@tenon/mnist/models";
import { adam, adamw, chain, clipByGlobalNorm } from "@tenon/optimizers";
import { warmupCosine } from "@tenon/schedulers";
import { fit } from "@tenon/trainer";
import { wasm, type WasmOptions } from "@tenon/wasm";

interface Run {
  readonly model: ReturnType<typeof modelOf>;
  readonly optimizer: Transform;
  /** The fraction of the digits that it trains on: large networks take a while. */
  readonly share?: number;
}

const batchSize = 64;

/**
 * The sample app's networks, and between them what could differ from machine to machine: dropout,
 * running statistics, norms, rates that change.
 */
const runs = (learningRate: Schedule): Readonly<Record<string, Run>> => ({
  mlp: {
    model: modelOf({
      classes: 10,
      model: "mlp",
      filters: 32,
      dropout: 0.2,
      init: "he-normal",
      normalization: "none",
    }),
    optimizer: adam(),
  },
  cnn: {
    model: modelOf({
      classes: 10,
      model: "cnn",
      filters: 32,
      dropout: 0.5,
      init: "glorot-uniform",
      normalization: "batch",
    }),
    optimizer: adamw({ learningRate, weightDecay: 0.01 }),
  },
  resnet: {
    model: modelOf({
      classes: 10,
      model: "resnet",
      filters: 32,
      dropout: 0,
      init: "orthogonal",
      normalization: "batch",
    }),
    optimizer: chain(clipByGlobalNorm(1), adam({ learningRate })),
    share: 0.5,
  },
});

/** The results by which machines are compared. */
export interface Sums {
  readonly threads: number;
  /** Whether V8 compiles 256-bit code. */
  readonly turbo: boolean;
  /** SHA-256 of all weights and running statistics after an epoch, by the network's name. */
  readonly sums: Readonly<Record<string, string>>;
}

/**
 * Trains each network for an epoch on these digits (bytes, 784 an image), with these options of the
 * engine. It runs anywhere.
 */
export async function threeRuns(
  images: Uint8Array,
  labels: Uint8Array,
  options: WasmOptions,
): Promise<Sums> {
  const n = labels.length;
  const engine = await wasm(options);
  const arrays = {
    x: { shape: [n, 28, 28], dtype: "int32", data: images },
    y: { shape: [n], dtype: "int32", data: Int32Array.from(labels) },
  } as const;
  const all = rescale(dataset(arrays, { exampleShape: [28, 28, 1] }), toUnit());
  const sums: Record<string, string> = {};
  for (const [name, { model, optimizer, share = 1 }] of Object.entries(
    runs(warmupCosine({ peak: 5e-3, warmup: 8, steps: Math.ceil(n / batchSize) })),
  ))
    for await (const event of fit(model, {
      train: take(all, Math.round(share * n)),
      loss: crossEntropy,
      optimizer,
      batchSize,
      seed: 1,
      engine,
    }))
      if (event.type === "end") {
        if (event.reason !== "done")
          throw new Error(`threeRuns: expected ${name} to train to the end, got "${event.reason}"`);
        sums[name] = await sha256({ ...event.params, ...event.stats });
      }
  return { threads: engine.threads, turbo: engine.turbo, sums };
}

async function sha256(
  arrays: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
): Promise<string> {
  const all = Float32Array.from(
    Object.keys(arrays)
      .sort()
      .flatMap((path) => Array.from(arrays[path]!.data)),
  );
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", all))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
