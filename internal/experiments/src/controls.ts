import type { Control, Experiment, Values } from "./experiment.js";

/**
 * The value that a control can have which is nearest to a given one: within its range, and of a
 * linear control one of its equally distant values.
 */
export function nearestValue(control: Extract<Control, { kind: "number" }>, given: number): number {
  const { from, to, scale, values } = control;
  const inRange = Math.min(Math.max(given, from), to);
  if (scale === "log") return inRange;
  const distance = (to - from) / (values - 1);
  return Number((from + Math.round((inRange - from) / distance) * distance).toPrecision(6));
}

/** The values with which controls begin. */
export const startValues = ({ controls }: Pick<Experiment, "controls">): Values =>
  Object.fromEntries(controls.map(({ id, start }) => [id, start]));
