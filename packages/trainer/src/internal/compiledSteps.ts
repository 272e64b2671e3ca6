import type { AnyEngine, AnyProgram, Batch, NDArray } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { Observed } from "../statisticsOf.js";
import type { TrainingState, TrainingStep } from "../trainingStep.js";
import { after, type Later } from "./later.js";
import { recent } from "./recent.js";
import { scalar, specsOf } from "./specs.js";
import type { LossOutputs } from "./tally.js";

/** What a training step is fed. */
export type StepFeed = {
  readonly x: NDArray;
  readonly y: NDArray;
  readonly weights?: NDArray;
  readonly step: number;
  readonly seed: number;
};

export type StepResult = LossOutputs & {
  readonly committed: NDArray;
  readonly skipped?: NDArray;
  readonly observed?: Observed<NDArray>;
};

/** A training step for batches of any shape; programs pass the state on to one another. */
export interface CompiledSteps {
  /** Submits a step, in order. */
  step(feed: StepFeed, isObserved: boolean): Later<StepResult>;
  /** The state after all steps that were submitted. */
  state(): Later<TrainingState>;
}

/**
 * Compiles a program for each shape of batch when it is met first, and another for steps that are
 * observed, for an engine of either kind.
 */
export function compiledSteps(
  engine: AnyEngine<Tensor>,
  stepOf: (isObserved: boolean) => TrainingStep,
  start: TrainingState,
): CompiledSteps {
  type Compiled = AnyProgram<TrainingState, StepFeed, StepResult>;
  const programs = recent<string, Compiled>();
  let current: Compiled | undefined;
  /** Until this has resolved, the current program lacks the state of the one before it. */
  let loaded: Later<void>;
  const compile = (batch: Batch, isObserved: boolean): Compiled =>
    engine.compile(stepOf(isObserved), start, {
      ...specsOf(batch),
      step: scalar,
      seed: scalar,
    });
  const state = (): Later<TrainingState> => {
    const program = current;
    return program ? after(loaded, () => program.state()) : start;
  };
  return {
    step(feed, isObserved) {
      const { step: _, seed: __, ...batch } = feed;
      const shapes = Object.values(batch).map(({ shape }) => shape.join());
      const program = programs.get(`${shapes.join(" ")} ${isObserved}`, () =>
        compile(batch, isObserved),
      );
      if (current && program !== current)
        loaded = after(current.view?.() ?? state(), (before) => program.load(before));
      current = program;
      return after(loaded, () => program.step(feed));
    },
    state,
  };
}
