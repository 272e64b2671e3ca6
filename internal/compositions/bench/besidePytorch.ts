// Trains networks with one thread and with two, and the same networks with PyTorch if TENON_PYTHON
// is a Python that has it: forward, backward and Adam, in turns. Times of one thread are those of
// the processor, which other programs disturb least; of two threads, those of the clock.
//
// BENCH_ONLY=lstm,gru: those alone; BENCH_THREADS=1: one thread alone; BENCH_EXPLAIN=1: the kernels
// of each; TENON_WASM=turbo,relaxed: the engine's options.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Layer } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { startOf, trainingStep } from "@tenon/trainer";
import { explain, wasm, type WasmEngine } from "@tenon/wasm";

export interface Network {
  readonly model: Layer<Tensor>;
  /** The shape of a batch. */
  readonly input: readonly [number, ...number[]];
}

interface Contender {
  readonly name: string;
  /** Milliseconds of some steps. */
  run(): Promise<readonly number[]>;
  end?(): void;
}

const rounds = 12;
const stepsPerRound = 10;

export async function besidePytorch(networks: Readonly<Record<string, Network>>): Promise<void> {
  const { TENON_PYTHON: python, BENCH_ONLY: only, BENCH_THREADS: most = 2 } = process.env;
  const options = process.env["TENON_WASM"] ?? "";
  const features = { turbo: options.includes("turbo"), relaxed: options.includes("relaxed") };
  const contenders: Contender[] = [];
  for (let threads = 1; threads <= Number(most); threads++) {
    const engine = await wasm({ threads, ...features });
    for (const [name, network] of Object.entries(networks)) {
      if (only && !only.split(",").includes(name)) continue;
      contenders.push(tenon(`${name}, threads: ${threads}`, engine, network));
      if (python) contenders.push(pytorch(python, name, threads));
    }
  }
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { run }] of contenders.entries()) times[i]!.push(...(await run()));
  contenders.forEach(({ name, end }, i) => {
    const sorted = times[i]!.sort((a, b) => a - b);
    const [fastest, quarter, median] = [0, 0.25, 0.5].map((fraction) =>
      sorted[Math.floor(fraction * sorted.length)]!.toFixed(2),
    );
    console.log(`${name}: fastest ${fastest} ms a step, quarter ${quarter}, median ${median}`);
    end?.();
  });
}

function tenon(name: string, engine: WasmEngine, { model, input }: Network): Contender {
  const [batch, ...example] = input;
  const scalar = { shape: [], dtype: "int32" } as const;
  const optimizer = adam();
  const program = engine.compile(
    trainingStep(model, { loss: crossEntropy, optimizer }),
    startOf(model, example, optimizer, 1),
    { x: { shape: input }, y: { shape: [batch], dtype: "int32" }, seed: scalar, step: scalar },
  );
  const length = input.reduce((size, n) => size * n, 1);
  const x = Float32Array.from({ length }, (_, i) => Math.sin(i * i));
  const y = Int32Array.from({ length: batch }, (_, i) => i % 10);
  let step = 0;
  const feed = () => ({ x, y, seed: 1, step: step++ });
  for (let i = 0; i < 20; i++) program.step(feed());
  if (process.env["BENCH_EXPLAIN"]) console.log(`${name}\n${explain(engine, program, feed())}`);
  const now = engine.threads === 1 ? processorTime : () => performance.now();
  return {
    name: `Tenon, ${name}`,
    run: () =>
      Promise.resolve(
        Array.from({ length: stepsPerRound }, () => {
          const began = now();
          program.step(feed());
          return now() - began;
        }),
      ),
  };
}

/** Milliseconds that this process has used its processors. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A process that makes some steps for each line that it reads, and writes their times as JSON. */
function pytorch(python: string, network: string, threads: number): Contender {
  const script = "internal/compositions/bench/besidePytorch.py";
  const child = spawn(python, [script, network, `${threads}`, `${stepsPerRound}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    name: `PyTorch, ${network}, threads: ${threads}`,
    async run() {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done) throw new Error(`${python} ended before it had measured ${network}`);
      return JSON.parse(value) as number[];
    },
    end: () => child.stdin.end(),
  };
}
