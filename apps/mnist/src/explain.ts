import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { fail, plainly } from "@tenon/terminal";
import { startOf, trainingStep } from "@tenon/trainer";
import { explain as tableOf, type WasmOptions } from "@tenon/wasm";
import type { Config } from "./config.js";
import { digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { optimizerOf, penaltiesOf } from "./optimizer.js";
import { lossOf } from "./report.js";
import { wasmOf } from "./runs.js";

/** The kernels that one training step of a configuration runs, timed on its first batch. */
export async function explain(config: Config, machine: WasmOptions): Promise<string> {
  if (config.engine !== "wasm") fail(`--explain expects --engine wasm, got ${config.engine}`, 2);
  const { train, classes, source } = await digits(config);
  const { batchSize, seed } = config;
  const model: Layer<Tensor> = modelFor({ ...config, classes }, train.x.shape, source);
  const optimizer = plainly(2, () => optimizerOf(config, Math.ceil(train.size / batchSize)));
  const engine = await wasmOf(machine);
  const { x, y } = train.gather(
    Array.from({ length: Math.min(batchSize, train.size) }, (_, i) => i),
  );
  const scalar = { shape: [], dtype: "int32" } as const;
  const step = trainingStep(model, {
    loss: lossOf(config),
    optimizer,
    penalties: penaltiesOf(config),
  });
  const program = engine.compile(step, startOf(model, train.x.shape, optimizer, seed), {
    x,
    y,
    step: scalar,
    seed: scalar,
  });
  return tableOf(engine, program, { x, y, step: 0, seed });
}
