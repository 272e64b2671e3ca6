import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import type { ByPath, Layer, Transform } from "@tenon/contracts";
import * as data from "@tenon/data";
import * as init from "@tenon/init";
import * as layers from "@tenon/layers";
import * as losses from "@tenon/losses";
import * as metrics from "@tenon/metrics";
import * as optimizers from "@tenon/optimizers";
import * as regularizers from "@tenon/regularizers";
import * as schedulers from "@tenon/schedulers";
import * as tensors from "@tenon/tensor";
import * as trainer from "@tenon/trainer";
import { expect, test } from "vitest";
import { experiments, startValues } from "./index.js";
import { mnistDigits } from "./testing.js";

const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
const digits = mnistDigits();

type Fitted = { readonly model: unknown; readonly options: trainer.FitOptions };

/** Runs lines of code with the real packages, but for `fit`, whose arguments it gives. */
async function fitted(code: string): Promise<Fitted> {
  let found: Fitted | undefined;
  async function* fit(model: unknown, options: trainer.FitOptions): AsyncGenerator<never> {
    found ??= { model, options };
  }
  const packages: Record<string, object> = {
    ...{ data, init, layers, losses, metrics, optimizers, regularizers, schedulers },
    ...{ tensor: tensors, trainer: { ...trainer, fit } },
  };
  const load = (name: string): object => packages[name.replace("@tenon/", "")]!;
  const { outputText, diagnostics } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  const body = `return (async () => { ${outputText} })();`;
  const train = digits.train(64);
  const images = { shape: [4, 28, 28], dtype: "int32", data: new Uint8Array(4 * 784) };
  const labels = { shape: [4], dtype: "int32", data: new Int32Array(4) };
  const given = {
    ...{ require: load, exports: {}, validation: digits.validation(64), images, labels },
    ...(!code.includes("const train =") && { train }),
  };
  await (compileFunction(body, Object.keys(given)) as (...args: unknown[]) => Promise<void>)(
    ...Object.values(given),
  );
  return found!;
}

/** A model as JSON, without initial values; the gates of an inception are left out. */
const structure = (model: unknown): string =>
  JSON.stringify(model, (key, value: unknown) => (key === "kernelInit" ? undefined : value))
    .replaceAll(",{}", "")
    .replaceAll('"gated"', '"inception"');

/** Initial values of a model for the digits. */
const startOf = (model: unknown): ByPath<readonly number[]> => {
  const { params } = tensors.initialize((model as Layer<tensors.Tensor>).plan([28, 28, 1]), 1);
  return Object.fromEntries(
    Object.entries(params).map(([path, { data }]) => [path, [...data.slice(0, 20)]]),
  );
};

/** What an optimizer remembers, and where its first step leads. */
function behaviour(optimizer: Transform): { slots: string[]; w: readonly number[] } {
  const params = { w: Float64Array.of(1, -2) };
  optimizers.onArrays(optimizer, params).step({ w: Float64Array.of(3.1, -4.3) });
  return { slots: Object.keys(optimizer.slots({ w: [2] })), w: [...params.w] };
}

test.each(experiments.map((of) => [of.id, of] as const))(
  "%s: the lines of code make the model and the optimizer of each arm",
  async (_, of) => {
    const seen = new Set<string>();
    for (const [arm, options] of Object.entries(of.arms(startValues(of)))) {
      const { model, optimizer } = of.setup(options, { digits, size: of.sizes.quick, seed: 1 });
      const code = of.code(options, of.sizes.quick);
      const shown = await fitted(code);
      const text = structure(shown.model);
      expect(structure(model), arm).toContain(text);
      if (structure(model) === text && !seen.has(text)) {
        const start = startOf(model);
        for (const [path, values] of Object.entries(startOf(shown.model)))
          for (const [i, value] of (path in start ? values : []).entries())
            expect(value, `${arm} ${path}`).toBeCloseTo(start[path]![i]!, 5);
      }
      seen.add(text);
      const [expected, found] = [optimizer, shown.options.optimizer].map(behaviour);
      expect(found!.slots, arm).toEqual(expect.arrayContaining(expected!.slots));
      // The loss of an ensemble is the mean of its members', so its rate is as many times higher.
      if (arm === "ensemble") continue;
      for (const [i, value] of expected!.w.entries())
        expect(found!.w[i]! / value, `${arm}: where the first step leads`).toBeCloseTo(1, 3);
    }
  },
);
