import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  sequential,
} from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam, chain, clipByGlobalNorm } from "@tenon/optimizers";
import { dataset } from "@tenon/data";
import { random, uniform } from "@tenon/random";
import { warmupCosine } from "@tenon/schedulers";
import { fit } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

/**
 * Trains a small network that uses everything that could differ between machines, and returns the
 * bits of its weights in hexadecimal; `threads` as `wasm` takes them.
 */
export async function smallRun(threads?: number): Promise<string> {
  const n = 96;
  const rng = random(4);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const x = Float32Array.from(
    { length: n * 144 },
    (_, i) => uniform(rng, 0, 1) + (Math.floor(i / 48) % 3 === y[Math.floor(i / 144)] ? 0.5 : 0),
  );
  const train = dataset({
    x: { shape: [n, 12, 12, 1], dtype: "float32", data: x },
    y: { shape: [n], dtype: "int32", data: y },
  });
  const model = sequential(
    conv2d(6, 3),
    batchNorm(),
    relu(),
    maxPool2d(2),
    conv2d(8, 3),
    relu(),
    flatten(),
    dropout(0.3),
    dense(3),
  );
  const optimizer = chain(
    clipByGlobalNorm(1),
    adam({ learningRate: warmupCosine({ peak: 0.01, warmup: 4, steps: 18 }) }),
  );
  for await (const event of fit(model, {
    train,
    loss: crossEntropy,
    optimizer,
    epochs: 3,
    batchSize: 16,
    seed: 2,
    engine: await wasm(threads === undefined ? {} : { threads }),
  }))
    if (event.type === "end")
      return Object.keys(event.params)
        .sort()
        .map((path) =>
          [...new Uint32Array(Float32Array.from(event.params[path]!.data).buffer)]
            .map((bits) => bits.toString(16))
            .join(""),
        )
        .join(" ");
  throw new Error("smallRun: expected an end event, got none");
}
