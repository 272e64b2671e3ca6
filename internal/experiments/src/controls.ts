import type { Control, Experiment, Values } from "./experiment.js";

/**
 * The value that a control can have which is nearest to a given one: within its range, and of a
 * linear control one of its equally distant values. A logarithmic one can have all numbers, or
 * whole numbers, of its range: a rate of 0.19 in the terminal or in an address is not made that of
 * the slider next to it, so that the page shows the terminal's run.
 */
export function nearestValue(control: Extract<Control, { kind: "number" }>, given: number): number {
  const { from, to, scale, values, isWhole = false } = control;
  const inRange = Math.min(Math.max(given, from), to);
  if (scale === "log") return isWhole ? Math.round(inRange) : inRange;
  const distance = (to - from) / (values - 1);
  return Number((from + Math.round((inRange - from) / distance) * distance).toPrecision(6));
}

/** The values with which controls begin. */
export const startValues = ({ controls }: Pick<Experiment, "controls">): Values =>
  Object.fromEntries(controls.map(({ id, start }) => [id, start]));
