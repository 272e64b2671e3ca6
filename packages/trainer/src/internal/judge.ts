import type { Json } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { FitOptions } from "../fit.js";
import type { EpochScores, Progress } from "../snapshot.js";

/** Whether an epoch is the best so far, and whether to stop. */
export interface Judgement {
  readonly best: boolean;
  readonly stop: boolean;
  /** The next state of early stopping. */
  readonly stopper: Json;
  /** The monitored value. */
  readonly value: number;
}

export function judge(
  { earlyStopping, best, validation }: FitOptions,
  progress: Progress,
  scores: EpochScores,
): Judgement {
  const monitor =
    earlyStopping?.monitor ?? best?.monitor ?? (validation ? "validation.loss" : "train.loss");
  const value = monitored(monitor, scores);
  if (earlyStopping) {
    const { state, ...verdict } = earlyStopping.observe(progress.stopper, value, scores.epoch);
    return { best: verdict.best, stop: verdict.stop, stopper: state, value };
  }
  const sign = best?.mode === "max" ? -1 : 1;
  const before = progress.best.value;
  // What is not finite is never the best: nothing would be better than NaN.
  return {
    best: Number.isFinite(value) && (before === null || sign * value < sign * before),
    stop: false,
    stopper: null,
    value,
  };
}

function monitored(monitor: string, { train, validation }: EpochScores): number {
  const dot = monitor.indexOf(".");
  const part = dot < 0 ? "validation" : monitor.slice(0, dot);
  const scores = part === "train" ? train : part === "validation" ? validation : undefined;
  const value = scores?.[monitor.slice(dot + 1)];
  if (value !== undefined) return value;
  const names = [
    ...Object.keys(train).map((key) => `train.${key}`),
    ...Object.keys(validation ?? {}).map((key) => `validation.${key}`),
  ];
  throw badArgument("fit", `to monitor one of ${names.join(", ")}`, `"${monitor}"`);
}
