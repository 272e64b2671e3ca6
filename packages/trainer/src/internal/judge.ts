import type { Stopper } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { FitOptions } from "../fit.js";
import type { EpochScores, Progress } from "../snapshot.js";

/** What early stopping says of an epoch, and the monitored value. */
export type Judgement = ReturnType<Stopper["observe"]> & { readonly value: number };

/** Whether an epoch is the best so far, and whether to stop. */
export function judge(
  { earlyStopping, best, validation, validateEvery }: FitOptions,
  progress: Progress,
  scores: EpochScores,
): Judgement {
  const monitor =
    earlyStopping?.monitor ?? best?.monitor ?? (validation ? "validation.loss" : "train.loss");
  const value = monitored(monitor, scores, validateEvery);
  if (value === undefined) return { best: false, stop: false, state: progress.stopper, value: NaN };
  if (earlyStopping)
    return { ...earlyStopping.observe(progress.stopper, value, scores.epoch), value };
  const sign = best?.mode === "max" ? -1 : 1;
  const before = progress.best.value;
  // What is not finite is never the best: nothing would be better than NaN.
  return {
    best: Number.isFinite(value) && (before === null || sign * value < sign * before),
    stop: false,
    state: null,
    value,
  };
}

/**
 * A value of an epoch by its name: `"validation.loss"`, or `"loss"`, which is the same. Undefined
 * if it is one of the validation, and the epoch none that is validated.
 */
export function monitored(
  monitor: string,
  scores: EpochScores,
  validateEvery: number = 1,
): number | undefined {
  const named = new Map<string, number>();
  for (const part of ["train", "validation"] as const)
    for (const [name, value] of Object.entries(scores[part] ?? {}))
      named.set(`${part}.${name}`, value);
  const whole = monitor.includes(".") ? monitor : `validation.${monitor}`;
  const value = named.get(whole);
  if (value === undefined && !(whole.startsWith("validation.") && scores.epoch % validateEvery))
    throw badArgument("fit", `to monitor one of ${[...named.keys()].join(", ")}`, `"${monitor}"`);
  return value;
}
