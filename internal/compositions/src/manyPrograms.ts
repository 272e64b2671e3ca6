import { dataset } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { initialize, type Tensor } from "@tenon/tensor";
import { evaluate, fit, predictor } from "@tenon/trainer";
import type { Engine, NDArray } from "@tenon/contracts";
import { wasm } from "@tenon/wasm";

/** The ways to create programs: all drop them, but `kept`, which keeps them. */
export type Maker = "predictors" | "evaluations" | "fits" | "engines" | "kept";

/** The memory of a process after some number of programs, in bytes. */
export interface Held {
  readonly programs: number;
  /** In memory. */
  readonly resident: number;
  /** Of its address space. */
  readonly virtual: number;
}

const model = sequential(dense(256), relu(), dense(64), relu(), dense(10));
const [features, n] = [784, 128];
const array = (size: number): NDArray => {
  const data = Float32Array.from({ length: size * features }, (_, i) => Math.sin(i * i));
  return { shape: [size, features], dtype: "float32", data };
};

function makers(engine: Engine<Tensor>, threads: number) {
  const weights = initialize(model.plan([features]), 1);
  const x = array(n);
  const y: NDArray = { shape: [n], dtype: "int32", data: new Int32Array(n) };
  const data = dataset({ x, y });
  const kept: unknown[] = [];
  const make: Readonly<Record<Maker, (i: number) => unknown>> = {
    predictors: () => predictor(model, { ...weights, engine }).predict(x),
    evaluations: (i) =>
      evaluate(model, { ...weights, data, loss: crossEntropy, engine, batchSize: 1 + (i % n) }),
    async fits(i) {
      const options = { loss: crossEntropy, optimizer: adam(), engine, batchSize: n - (i % 50) };
      for await (const event of fit(model, { train: data, ...options })) void event;
    },
    async engines() {
      predictor(model, { ...weights, engine: await wasm({ threads }) }).predict(x);
    },
    kept() {
      const network = predictor(model, { ...weights, engine });
      network.predict(x);
      kept.push(network);
    },
  };
  return make;
}

/** The values of a process in Linux' list, in bytes. */
const listed = async (): Promise<Omit<Held, "programs">> => {
  const { readFileSync } = await import("node:fs");
  const status = readFileSync("/proc/self/status", "utf8");
  const bytesOf = (name: string): number =>
    1024 * Number(RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]);
  return { resident: bytesOf("VmRSS"), virtual: bytesOf("VmSize") };
};

/**
 * Makes programs one after the other, as many as the last mark says, and measures at each mark.
 * With `turns` the callbacks of the garbage collector can run in between.
 */
export async function manyPrograms(
  what: Maker,
  threads: number,
  turns: boolean,
  marks: readonly number[],
): Promise<readonly Held[]> {
  const make = makers(await wasm({ threads }), threads)[what];
  const measured: Held[] = [];
  for (let i = 1; measured.length < marks.length; i++) {
    await make(i);
    if (turns) await new Promise((resolve) => setTimeout(resolve, 0));
    if (i === marks[measured.length]) measured.push({ programs: i, ...(await listed()) });
  }
  return measured;
}
