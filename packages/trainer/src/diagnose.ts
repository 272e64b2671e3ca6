import type {
  AnyEngine,
  Batch,
  Clock,
  Layer,
  Leaves,
  NDArray,
  Schedule,
  Tree,
} from "@tenon/contracts";
import { badArgument, known, moved, shown, whole } from "@tenon/guards";
import { clock, gradients, leaves, pass, type Tensor } from "@tenon/tensor";
import { batchLoss } from "./internal/batchLoss.js";
import { checkedBatch } from "./internal/checkData.js";
import { checkRun } from "./internal/checkRun.js";
import { checkSeed } from "./internal/checkSeed.js";
import { scalar, specsOf } from "./internal/specs.js";
import { trainedOf } from "./internal/trained.js";
import type { TrainingState, TrainingStepOptions } from "./trainingStep.js";

/** A step that was not finite: what it was made of, where it began, and what it was fed. */
export interface DiagnoseOptions extends Omit<TrainingStepOptions, "observe"> {
  /** What computes, such as `await wasm()`. */
  readonly engine: AnyEngine<Tensor>;
  /** The state before the step: a step that is not committed leaves it as it was. */
  readonly state: TrainingState;
  readonly batch: Batch;
  /** The number of the step, counted from 0. */
  readonly step: number;
  readonly seed: number;
}

export interface Diagnosis {
  /** What was not finite first, such as `layer "dense1"`. */
  readonly where: string;
  /** What to do about it. */
  readonly advice: string;
}

const rate = "try a lower learning rate or clipByGlobalNorm";
const data =
  "look for NaN and infinity in the data, and take those examples out or replace the values";

/**
 * Where a step that is not finite goes wrong: the first input, target, parameter, layer output,
 * penalty, statistic, gradient, rate, update, new parameter or new slot that is not finite, else
 * the loss itself. The step is done once more, with each of these watched.
 *
 * `fit(model, { …, diagnose })` calls it when a step was not finite. In a loop of your own, call it
 * where a step's `committed` is 0.
 *
 * @throws RangeError if the model or an option makes no sense
 */
export async function diagnose(model: Layer<Tensor>, options: DiagnoseOptions): Promise<Diagnosis> {
  const {
    loss: lossOf,
    optimizer,
    penalties = [],
    engine,
    state,
    step,
    seed,
    ...rest
  } = known("diagnose", options, "loss optimizer penalties engine state batch step seed");
  checkRun("diagnose", { model, loss: lossOf, optimizer, penalties, engine });
  const { params, stats, slots } = (state ?? {}) as TrainingState;
  if (![params, stats, slots].every((part) => typeof part === "object" && part !== null))
    throw badArgument("diagnose", "a state, { params, stats, slots }", shown(state));
  const batch = checkedBatch("diagnose", rest.batch);
  whole("diagnose", "step", step, 0);
  checkSeed("diagnose", seed);
  if (!allFinite(batch.x)) return { where: "the input batch", advice: data };
  if (!allFinite(batch.y)) return { where: "the targets of the batch", advice: data };
  for (const [kind, arrays] of [
    ["parameter", params],
    ["statistic", stats],
    ["slot", slots],
  ] as const) {
    for (const [path, array] of leaves<NDArray>(arrays))
      if (!allFinite(array))
        return { where: `${kind} "${path}"`, advice: "start from a state that is finite" };
  }

  const names: string[] = [];
  const rates = new Set<Schedule>();
  const program = engine.compile(
    ({ params, stats, slots }: Leaves<TrainingState, Tensor>, inputs) => {
      const outputs: Record<string, Tensor> = {};
      const watch = (name: string, value: Tensor): void => {
        // A finite value minus itself is zero.
        if (value.dtype === "float32")
          outputs[`${names.push(name) - 1}`] = value.sub(value).notEqual(0).sum();
      };
      const watchAll = (what: string, values: Tree<Tensor>): void => {
        for (const [path, value] of leaves<Tensor>(values)) watch(`${what} "${path}"`, value);
      };
      const layers: Record<string, Tensor> = {};
      const forwardPass = pass({
        params,
        stats,
        training: { seed: inputs.seed, step: inputs.step },
        tap(path, output) {
          layers[path] = output;
          watch(`layer "${path}"`, output);
        },
      });
      const trained = trainedOf(model, inputs.x.shape.slice(1), params);
      const unpenalized = batchLoss(lossOf, model.forward(inputs.x, forwardPass), inputs).loss;
      watch("the loss", unpenalized);
      let loss = unpenalized;
      for (const penalty of penalties) {
        const value = penalty.value<Tensor>(trained, layers);
        watch(`penalty "${penalty.name}"`, value);
        loss = loss.add(value);
      }
      watchAll("the new value of statistic", forwardPass.statsAfter());
      const grads = gradients(loss, trained);
      const clocked = clock(inputs.step, inputs.seed);
      watchAll("the gradient of parameter", grads);
      const watched: Clock<Tensor> = {
        ...clocked,
        loss,
        value(rate) {
          rates.add(typeof rate === "number" ? () => rate : rate);
          return clocked.value(rate);
        },
      };
      const flow = optimizer.update<Tensor>({ updates: grads, params: trained, slots }, watched);
      for (const [path, update] of Object.entries(flow.updates)) {
        watch(`the update of parameter "${path}"`, update);
        watch(`the new value of parameter "${path}"`, moved(params[path]!, update));
      }
      watchAll("the new value of slot", flow.slots);
      return { state: { params, stats, slots }, outputs };
    },
    { params, stats, slots },
    { ...specsOf(batch), step: scalar, seed: scalar },
  );
  const found: Readonly<Record<string, NDArray>> = await program.step({ ...batch, step, seed });
  const first = names.find((_, i) => found[`${i}`]!.data[0] !== 0) ?? "the loss";
  // Gradients come before the optimizer, whose rates and other values of the step come before its
  // updates.
  const wrong = /^the (update|new value of (parameter|slot))/.test(first)
    ? [...rates]
        .map((schedule) => schedule(step))
        .find((value) => !Number.isFinite(Math.fround(value)))
    : undefined;
  if (wrong !== undefined)
    return {
      where: `a rate of the optimizer, ${wrong}${Number.isFinite(wrong) ? " (infinite as a float32)" : ""},`,
      advice: "give the optimizer a rate that is finite at every step",
    };
  return { where: first, advice: rate };
}

function allFinite({ data }: NDArray): boolean {
  return data.every(Number.isFinite);
}
