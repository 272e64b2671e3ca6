/** Whether a measure is a fraction that is read as a percentage. */
const isFraction = (measure: string): boolean => /accuracy/i.test(measure);

/** A number with about four digits: `0.07123`, `12.35`, `1,234`, `1.2e-7`. */
export function digits(value: number, significant = 4): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(1);
  return value.toLocaleString("en", { maximumSignificantDigits: significant });
}

/** The value of a measure. */
export const valueText = (measure: string, value: number): string =>
  isFraction(measure) ? `${(100 * value).toFixed(2)} %` : digits(value);

/** How far an interval goes from its mean. */
export const halfText = (measure: string, [low, high]: readonly [number, number]): string => {
  const half = (high - low) / 2;
  return isFraction(measure) ? (100 * half).toFixed(2) : digits(half, 2);
};

/** A difference of two values of a measure; of percentages in points. */
export const differenceText = (measure: string, value: number): string =>
  isFraction(measure) ? `${(100 * value).toFixed(2)} %p` : digits(value, 3);
