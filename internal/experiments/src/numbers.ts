import type { Readable } from "./experiment.js";

/** What is to be known of a measure to write its values. */
type Unit = Pick<Readable, "percent">;

/** With at most so many significant digits. To make a format takes long. */
const format = (most: number): Intl.NumberFormat =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: most });
const [two, three, four] = [format(2), format(3), format(4)];

/** A number with about four digits: `0.07123`, `12.35`, `1,234`, `1.2e-7`. */
export function digits(value: number, { format } = four): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(1);
  return format(value);
}

/** The value of a measure. */
export const valueText = ({ percent }: Unit, value: number): string =>
  percent ? `${(100 * value).toFixed(2)} %` : digits(value);

/** How far an interval goes from its mean. */
export const halfText = ({ percent }: Unit, [low, high]: readonly [number, number]): string => {
  const half = (high - low) / 2;
  return percent ? (100 * half).toFixed(2) : digits(half, two);
};

/**
 * A difference of two values of a measure; of percentages in points, in the words of a language.
 */
export const differenceText = ({ percent }: Unit, value: number, points: string): string =>
  percent ? points.replace("{n}", (100 * value).toFixed(2)) : digits(value, three);
