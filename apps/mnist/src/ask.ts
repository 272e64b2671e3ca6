import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { accuracy } from "@tenon/metrics";
import { crossEntropy } from "@tenon/losses";
import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { evaluate as evaluateModel, predictor, type Snapshot } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import { draw } from "./draw.js";
import { fail } from "./fail.js";
import { digits, type Digits } from "./mnist.js";
import { modelOf } from "./models.js";
import { bar, percent } from "./progress.js";
import { confusionTable, report, softmax } from "./report.js";
import { engineOf, finalWeights, fitting, plainWeights, savedRun, sha256Of, type Trained } from "./runs.js";

export interface AskOptions {
  readonly best?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

interface Opened {
  readonly config: Config;
  readonly snapshot: Snapshot;
  readonly sets: Digits;
  readonly model: Layer<Tensor>;
  readonly weights: Trained;
}

/** A saved run, by its folder or by one of its checkpoints. */
async function opened(where: string, { best, data }: AskOptions): Promise<Opened> {
  const isFile = where.endsWith(".safetensors") && statSync(where, { throwIfNoEntry: false })?.isFile();
  const name = isFile ? basename(where, ".safetensors") : best ? "best" : "last";
  if (name !== "last" && name !== "best") fail(`expected last.safetensors or best.safetensors, got ${where}`);
  const folder = isFile ? dirname(where) : where;
  const { config, snapshot } = await savedRun(folder, name);
  const sets = await digits({ ...config, ...(data !== undefined && { data }) }), model = modelOf(config);
  return { config, snapshot, sets, model, weights: fitting(model, sets.test.x.shape, name === "best" ? plainWeights(snapshot) : finalWeights(config, snapshot), folder) };
}

/** Tells how good a saved network is on the test set. */
export async function evaluate(where: string, options: AskOptions): Promise<number> {
  const { config, snapshot, sets, model, weights } = await opened(where, options), engine = await engineOf(config.engine);
  if (options.json) {
    const scores = await evaluateModel(model, { ...weights, data: sets.test, loss: crossEntropy, metrics: [accuracy], engine });
    process.stdout.write(`${JSON.stringify({ type: "result", testAccuracy: scores["accuracy"], testLoss: scores["loss"], weightsSha256: sha256Of(weights.params) })}\n`);
    return 0;
  }
  const result = await report(model, weights, sets.test, engine);
  process.stdout.write(`${colors.bold(`Test accuracy ${colors.green(percent(result.accuracy))}`)}  loss ${result.loss.toFixed(4)}  ${colors.dim(`after ${snapshot.progress.epoch} epochs`)}\n\n${confusionTable(result.counts)}\n`);
  return 0;
}

/** Draws one test image and says what a saved network takes it for. */
export async function predict(where: string, options: AskOptions & { readonly index: number }): Promise<number> {
  const { config, sets, model, weights } = await opened(where, options);
  if (options.index >= sets.test.size) fail(`--index expects a test image from 0 to ${sets.test.size - 1}, got ${options.index}`, 2);
  const { x, y } = sets.test.gather([options.index]);
  const answer = predictor(model, { ...weights, engine: await engineOf(config.engine) }).predict(x);
  const p = softmax(answer.data), guess = p.indexOf(Math.max(...p)), truth = y.data[0]!;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ type: "prediction", index: options.index, prediction: guess, truth, probabilities: p })}\n`);
    return 0;
  }
  const [height, width] = sets.test.x.shape as [number, number];
  const picture = draw(x.data, width, height);
  const lines = p.map((chance, digit) => `${colors.bold(String(digit))} ${(digit === guess ? colors.green : colors.dim)(bar(chance, 24))} ${chance >= 0.0005 ? percent(chance, 1) : ""}`);
  process.stdout.write(`\n${picture.map((line, i) => `${line}   ${lines[i - 2] ?? ""}`.trimEnd()).join("\n")}\n\n${colors.bold(`It is taken for a ${guess}`)}, and is a ${truth}.\n`);
  return 0;
}
