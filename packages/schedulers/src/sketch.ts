import type { Schedule } from "@tenon/contracts";
import { badArgument, noOptions, shown, whole } from "@tenon/guards";

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const width = 40;

/**
 * A schedule as a line of text, from its lowest value to its highest:
 * `▁▂▄▆███▇▆▅▄▃▂▂▁▁ 0.0001 … 0.01`.
 *
 * Throws a RangeError unless it is a function, and steps a whole number ≥ 1.
 *
 * @param steps the steps from 0 that are drawn; a bar is the mean of up to 40 equal parts of them
 */
export function sketch(schedule: Schedule, steps: number): string {
  noOptions("sketch", arguments[2]);
  if (typeof schedule !== "function") throw badArgument("sketch", "a schedule", shown(schedule));
  whole("sketch", "steps", steps, 1);
  const count = Math.min(width, steps);
  const means = Array.from({ length: count }, (_, i) => {
    const [from, to] = [Math.floor((i * steps) / count), Math.floor(((i + 1) * steps) / count)];
    let sum = 0;
    for (let step = from; step < to; step++) sum += schedule(step);
    return sum / (to - from);
  });
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const line = means.map((mean) =>
    !Number.isFinite(mean)
      ? "?"
      : bars[high > low ? Math.min(7, Math.floor((8 * (mean - low)) / (high - low))) : 3],
  );
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  return `${line.join("")} ${digits(low)} … ${digits(high)}`;
}
