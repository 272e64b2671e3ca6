import type { EpochScores } from "../snapshot.js";

export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0;

const isScores = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((score) => typeof score === "number");

/** Whether a value is a line of a run's history. */
export function isEpoch(value: unknown): value is EpochScores {
  const { epoch, step, train, validation = {}, skipped = 0 } = (value ?? {}) as EpochScores;
  return [epoch, step, skipped].every(isCount) && [train, validation].every(isScores);
}
