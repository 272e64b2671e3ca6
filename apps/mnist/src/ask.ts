import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Layer } from "@tenon/contracts";
import { runFolder } from "@tenon/formats/node";
import type { Tensor } from "@tenon/tensor";
import { bar, counted, fail, flowed, jsonLine, type Outside, percent } from "@tenon/terminal";
import { predictor, type Snapshot } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import { draw } from "./draw.js";
import { digits, type Digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { confusionTable, finiteAnswer, report, softmax } from "./report.js";
import {
  endOf,
  engineAtOnce,
  engineOf,
  finalWeights,
  finite,
  fitting,
  plainWeights,
  savedRun,
  sha256Of,
  type Trained,
} from "./runs.js";

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
  /** Which of the snapshot's weights those are. */
  readonly end: ReturnType<typeof endOf>;
}

/** A saved run, by its folder or by one of its checkpoints. */
async function opened(
  where: string,
  { best, data }: AskOptions,
  outside: Outside,
): Promise<Opened> {
  const isFile =
    where.endsWith(".safetensors") && statSync(where, { throwIfNoEntry: false })?.isFile();
  if (isFile && best)
    fail("--best does nothing with a file: name the run's folder, or leave it out", 2);
  const name = isFile ? basename(where, ".safetensors") : best ? "best" : "last";
  if (name !== "last" && name !== "best")
    fail(`expected last.safetensors or best.safetensors, got ${where}`);
  const folder = isFile ? dirname(where) : where;
  const { config, snapshot } = await savedRun(folder, name);
  const weights = finite(
    name === "best" ? plainWeights(snapshot) : finalWeights(config, snapshot),
    runFolder(folder).file(name),
  );
  // Of the images, those to test on are enough.
  const all = { ...config, limit: 0, validationSplit: 0 };
  const sets = await digits({ ...all, ...(data !== undefined && { data }) });
  const image = sets.test.x.shape;
  const model = modelFor(config, image, sets.source, true);
  if (sets.classes > config.classes)
    fail(
      `expected labels below ${config.classes}, which the run was trained with, in ` +
        `${sets.source}, got ${sets.classes - 1}`,
    );
  for (const note of sets.notes) outside.warn(note);
  return {
    config,
    snapshot,
    sets,
    model,
    weights: fitting(model, image, weights, folder, sets.source),
    end: name === "best" ? "last" : endOf(config, snapshot),
  };
}

/** Evaluates a saved network on the test set. */
export async function evaluate(
  where: string,
  options: AskOptions,
  outside: Outside,
): Promise<number> {
  const { config, snapshot, sets, model, weights, end } = await opened(where, options, outside);
  const engine = await engineOf(config.engine);
  const result = await report(model, weights, sets.test, engine, config);
  const { epoch, best } = snapshot.progress;
  if (options.json) {
    outside.write(
      jsonLine({
        type: "result",
        testAccuracy: result.accuracy,
        testLoss: result.loss,
        weightsSha256: sha256Of(weights.params),
      }),
    );
    return 0;
  }
  const smoothed = config.labelSmoothing > 0 ? `, labels smoothed by ${config.labelSmoothing}` : "";
  const loss = `loss ${result.loss.toFixed(4)}${smoothed}`;
  const accuracyShown = colors.bold(`Test accuracy ${colors.green(percent(result.accuracy))}`);
  const columns = outside.columns();
  const whose = {
    average: ", the average of the weights",
    best: `, the weights of epoch ${best.epoch}`,
    last: "",
  }[end];
  const after = colors.dim(`after ${counted(epoch, "epoch")}${whose}`);
  const first = flowed([accuracyShown, loss, after], columns);
  outside.write(`${first}\n\n${confusionTable(result.counts, columns)}\n`);
  return 0;
}

/** Draws one test image and prints the prediction of a saved network. */
export async function predict(
  where: string,
  options: AskOptions & { readonly index: number },
  outside: Outside,
): Promise<number> {
  const { config, sets, model, weights } = await opened(where, options, outside);
  if (options.index >= sets.test.size)
    fail(`--index expects a test image from 0 to ${sets.test.size - 1}, got ${options.index}`, 2);
  const { x, y } = sets.test.gather([options.index]);
  const engine = await engineAtOnce(config.engine);
  const answer = predictor(model, { ...weights, engine }).predict(x);
  finiteAnswer(answer.data);
  const p = softmax(answer.data);
  const guess = p.indexOf(Math.max(...p));
  const truth = y.data[0]!;
  if (options.json) {
    outside.write(
      jsonLine({
        type: "prediction",
        index: options.index,
        prediction: guess,
        truth,
        probabilities: p,
      }),
    );
    return 0;
  }
  const [height, width] = sets.test.x.shape as [number, number];
  const columns = outside.columns();
  const picture = draw(x.data, width, height);
  // The right answer is green, another one that was given red.
  const colour = (digit: number): ((text: string) => string) =>
    digit === truth ? colors.green : digit === guess ? colors.red : colors.dim;
  const shares = p.map((chance, digit) => ({ chance, digit }));
  const many = Math.max(10, picture.length - 2);
  const listed =
    shares.length <= many ? shares : [...shares].sort((a, b) => b.chance - a.chance).slice(0, many);
  const digitsWide = String(p.length - 1).length;
  const room = Math.max(4, Math.min(24, columns - width - 3 - digitsWide - 10));
  const lines = listed.map(
    ({ chance, digit }) =>
      `${colors.bold(String(digit).padStart(digitsWide))} ` +
      `${colour(digit)(bar(chance, room))} ${chance >= 0.0005 ? percent(chance, 1) : ""}`,
  );
  const rows = Array.from({ length: Math.max(picture.length, lines.length + 2) }, (_, i) =>
    `${picture[i] ?? " ".repeat(width)}   ${lines[i - 2] ?? ""}`.trimEnd(),
  );
  const verdict = guess === truth ? colors.green : colors.red;
  outside.write(
    `\n${rows.join("\n")}\n\n${colors.bold(verdict(`It is taken for a ${guess}`))}, and ` +
      `is a ${truth}.\n`,
  );
  return 0;
}
