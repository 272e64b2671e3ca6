import type { Layer } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import {
  allFinite,
  clock,
  gradients,
  leaves,
  mapLeaves,
  pass,
  where,
  type Tensor,
} from "@tenon/tensor";
import type { Observation } from "../statistics.js";
import type { TrainingStep, TrainingStepOptions } from "../trainingStep.js";
import { batchLoss } from "./batchLoss.js";
import { trainedOf } from "./trained.js";
import { updated } from "./updated.js";

/** `trainingStep` of checked options; `figuresOf` makes the figures of a step that is observed. */
export function stepOf(
  model: Layer<Tensor>,
  { loss: lossOf, optimizer, penalties = [] }: Omit<TrainingStepOptions, "observe">,
  figuresOf?: Observation["figuresOf"],
): TrainingStep {
  const readsOutputs = penalties.some((penalty) => penalty.readsOutputs);
  return ({ params, stats, slots, committed }, { x, y, weights, step, seed }) => {
    const layers = new Map<string, Tensor>();
    const forwardPass = pass({
      params,
      stats,
      training: { seed, step },
      ...((figuresOf || readsOutputs) && { tap: (path, output) => layers.set(path, output) }),
    });
    const predictions = model.forward(x, forwardPass);
    const trained = trainedOf(model, x.shape.slice(1), params);
    const { loss, ...parts } = batchLoss(
      lossOf,
      predictions,
      { y, ...(weights && { weights }) },
      penalties.map((penalty) => penalty.value<Tensor>(trained, Object.fromEntries(layers))),
    );
    const grads = gradients(loss, trained);
    const { updates, skipped, next, checked } = updated(
      optimizer,
      { loss, gradients: grads, statsAfter: forwardPass.statsAfter() },
      { params, stats, slots },
      { ...clock(step, seed), loss },
    );
    const finite = allFinite([
      ...checked,
      ...leaves<Tensor>(next).map(([, x]) => x),
      ...(committed ? [where(committed, 0, NaN)] : []),
    ]);
    const before = new Map(leaves<Tensor>({ params, stats, slots }));
    const state = mapLeaves(next, (after, path) => {
      const old = before.get(path);
      if (!old)
        throw badArgument(
          "trainingStep",
          "the optimizer to keep the slots it declared",
          `a new one, "${path}"`,
        );
      return where(finite, after, old);
    });
    return {
      state: { ...(state as typeof next), ...(committed && { committed: finite }) },
      outputs: {
        loss,
        predictions,
        committed: finite,
        ...(skipped && { skipped }),
        ...parts,
        ...(figuresOf && {
          observed: figuresOf(model, {
            ...{ x, layers, predictions },
            ...{ params: trained, gradients: grads, updates },
          }),
        }),
      },
    };
  };
}
