import type {
  ByPath,
  Layer,
  Leaves,
  Loss,
  NDArray,
  Penalty,
  SlotSpec,
  Transform,
} from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkedState, initialize, mapLeaves, sizeOf, type Tensor } from "@tenon/tensor";
import { checkRun } from "./internal/checkRun.js";
import { checkObserve, observedOf } from "./internal/observe.js";
import { stepOf } from "./internal/stepOf.js";
import { trainedOf } from "./internal/trained.js";
import type { Weights } from "./predictor.js";
import type { Observed } from "./statisticsOf.js";

/**
 * All that a training step changes: parameters, running statistics, and what the optimizer
 * remembers. A type, not an interface: only so is it a `Tree`.
 */
export type TrainingState = {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
  /** By slot (`"scaleByAdam/m"`), then by parameter path. */
  readonly slots: ByPath<ByPath<NDArray>>;
  /**
   * For several steps in flight: whether the step before was committed, an int32 scalar that is 1
   * at the start. Where it is 0, a step is not committed either, so that the state stays the one
   * that the step which was not finite found.
   */
  readonly committed?: NDArray;
};

export interface TrainingStepOptions {
  readonly loss: Loss<Tensor>;
  readonly optimizer: Transform;
  /** Added to the loss. @defaultValue none */
  readonly penalties?: readonly Penalty[];
  /**
   * Whether the step also returns what its statistics are computed from: `statisticsOf(
   * outputs.observed)`. It changes no bit of the state. @defaultValue false
   */
  readonly observe?: boolean | ObserveOptions;
}

/** What is observed of a step. */
export interface ObserveOptions {
  /** How many bins histograms have. @defaultValue no histograms */
  readonly histograms?: number;
}

/** What a training step is fed: a batch and the step context. */
export interface StepInputs {
  readonly x: Tensor;
  readonly y: Tensor;
  /** How much each example counts, [n]; then the loss gives one for each. @defaultValue none */
  readonly weights?: Tensor;
  /** int32 scalar, counted from 0. */
  readonly step: Tensor;
  /** int32 scalar. */
  readonly seed: Tensor;
}

export interface StepOutputs {
  /** Of the batch, before the update, with penalties: a scalar. */
  readonly loss: Tensor;
  readonly predictions: Tensor;
  /** int32: 1 if the step was taken, 0 if something was not finite and nothing was changed. */
  readonly committed: Tensor;
  /**
   * Where the optimizer has `skipNonFinite`: how many steps in a row it left out, with this one; 0
   * if it took this one.
   */
  readonly skipped?: Tensor;
  /**
   * Of a loss that is more than a mean over examples: its parts, each of which is Σ total / Σ
   * weight over batches, or Σ total.
   */
  readonly parts?: Readonly<Record<string, { readonly total: Tensor; readonly weight?: Tensor }>>;
  /** What is weighted by examples in addition to these, with penalties. */
  readonly rest?: Tensor;
  /** Of a step that is observed: the figures from which its statistics are computed. */
  readonly observed?: Observed<Tensor>;
}

/** A step to be compiled: what `engine.compile` takes. */
export type TrainingStep = (
  state: Leaves<TrainingState, Tensor>,
  inputs: StepInputs,
) => {
  readonly state: Leaves<TrainingState, Tensor>;
  readonly outputs: Readonly<Record<"loss" | "predictions" | "committed", Tensor>> & {
    readonly [K in "skipped" | "parts" | "rest" | "observed"]?: NonNullable<StepOutputs[K]>;
  };
};

/** A step that is observed. */
export type ObservedStep = (...args: Parameters<TrainingStep>) => {
  readonly state: ReturnType<TrainingStep>["state"];
  readonly outputs: Omit<ReturnType<TrainingStep>["outputs"], "observed"> & {
    readonly observed: Observed<Tensor>;
  };
};

/**
 * One step of training as one pure function: forward, loss, gradients, update.
 *
 * A step changes everything or nothing: where the loss, a gradient, or what a parameter, a slot or
 * a statistic would become is not finite, `committed` is 0 and all is as it was, so that the
 * parameters that led to it can still be inspected. An optimizer with `zeroNans` or `skipNonFinite`
 * takes any gradient; the latter any loss, too: it leaves that step out, which is committed with
 * the running statistics as they were.
 *
 * @throws if the model or an option is invalid, or the loss gives no scalar
 */
export function trainingStep(
  model: Layer<Tensor>,
  options: TrainingStepOptions & { readonly observe: true | ObserveOptions },
): ObservedStep;
export function trainingStep(model: Layer<Tensor>, options: TrainingStepOptions): TrainingStep;
export function trainingStep(model: Layer<Tensor>, options: TrainingStepOptions): TrainingStep {
  const {
    loss: lossOf,
    optimizer,
    penalties = [],
    observe = false,
  } = known("trainingStep", options, "loss optimizer penalties observe");
  checkRun("trainingStep", { model, loss: lossOf, optimizer, penalties });
  if (typeof observe !== "boolean") checkObserve("trainingStep", observe);
  return stepOf(
    model,
    { loss: lossOf, optimizer, penalties },
    observe ? (of, tensors) => observedOf(of, tensors, observe === true ? {} : observe) : undefined,
  );
}

/**
 * The start of a run: initial values drawn from the seed, and the optimizer's initial slots.
 *
 * @param initial values by path that replace those that are drawn
 * @throws where one of them is of no parameter or statistic of the model, or of another shape
 */
export function startOf(
  model: Layer<Tensor>,
  input: readonly number[],
  optimizer: Transform,
  seed: number,
  initial: Partial<Weights> = {},
): TrainingState {
  checkRun("startOf", { model, optimizer });
  const drawn = initialize(model.plan(input), seed);
  const params = { ...drawn.params, ...initial.params };
  const stats = { ...drawn.stats, ...initial.stats };
  checkedState("initial", { ...drawn }, { params, stats });
  return { params, stats, slots: slotsOf(optimizer, trainedOf(model, input, params)) };
}

/** What an optimizer remembers before its first step. */
export function slotsOf(optimizer: Transform, params: ByPath<NDArray>): ByPath<ByPath<NDArray>> {
  checkRun("slotsOf", { optimizer, params });
  const shapes = mapLeaves(params, ({ shape }) => shape);
  const fill = ({ shape, start }: SlotSpec, path: string): NDArray => ({
    shape,
    dtype: "float32",
    data:
      start === "parameter"
        ? Float32Array.from(params[path]!.data)
        : new Float32Array(sizeOf(shape)).fill(start),
  });
  return Object.fromEntries(
    Object.entries(optimizer.slots(shapes)).map(([slot, specs]) => [slot, mapLeaves(specs, fill)]),
  );
}
