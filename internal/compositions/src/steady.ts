import { dense, dropout, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam, chain, clipByGlobalNorm } from "@tenon/optimizers";
import { warmupCosine } from "@tenon/schedulers";
import { startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

/** The memory of a process after some number of steps, after garbage collection, in bytes. */
export interface Mark {
  readonly step: number;
  readonly heap: number;
  /** Outside the heap: buffers of arrays, and what else objects hold. */
  readonly external: number;
  /** Each memory of WebAssembly that was made: how large it is, and whether threads share it. */
  readonly memories: readonly { readonly bytes: number; readonly shared: boolean }[];
  readonly loss: number;
}

/**
 * Trains a small network for as many steps as the last mark says, and measures at each. Needs
 * --expose-gc.
 */
export async function steady(threads: number, marks: readonly number[]): Promise<readonly Mark[]> {
  const gc = (globalThis as { gc?: () => void }).gc!;
  const memories: WebAssembly.Memory[] = [];
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct: (target, args, self) =>
      memories[memories.push(Reflect.construct(target, args, self) as WebAssembly.Memory) - 1]!,
  });

  const [n, features, classes] = [64, 32, 4];
  const model = sequential(dense(64), relu(), dropout(0.1), dense(classes));
  const optimizer = chain(
    clipByGlobalNorm(1),
    adam({ learningRate: warmupCosine({ peak: 0.01, warmup: 100, steps: marks.at(-1)! }) }),
  );
  const scalar = { shape: [], dtype: "int32" } as const;
  const program = (await wasm({ threads })).compile(
    trainingStep(model, { loss: crossEntropy, optimizer }),
    startOf(model, [features], optimizer, 1),
    { x: { shape: [n, features] }, y: { shape: [n], dtype: "int32" }, seed: scalar, step: scalar },
  );
  const x = Float32Array.from({ length: n * features }, (_, i) => Math.sin(i * i));
  const y = Int32Array.from({ length: n }, (_, i) =>
    Math.floor(classes * Math.abs(x[i * features]!) * 0.999),
  );

  const measured: Mark[] = [];
  for (let step = 1; measured.length < marks.length; step++) {
    const { loss } = program.step({ x, y, seed: 1, step: step - 1 });
    if (step !== marks[measured.length]) continue;
    // What is collected late (weak references, compiled code that is not found again) has a turn in
    // between.
    for (let i = 0; i < 12; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { heapUsed: heap, external } = process.memoryUsage();
    measured.push({
      step,
      heap,
      external,
      memories: memories.map(({ buffer }) => ({
        bytes: buffer.byteLength,
        shared: Object.prototype.toString.call(buffer).includes("Shared"),
      })),
      loss: loss.data[0]!,
    });
  }
  return measured;
}
