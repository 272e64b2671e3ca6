import type { Init, Shape } from "@tenon/contracts";
import { random } from "@tenon/random";

export interface Sample {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly low: number;
  readonly high: number;
}

/** What an Init gives for a shape, drawn until there are at least 20,000 values. */
export function sample(init: Init, shape: Shape): Sample {
  const source = random(2026);
  const values: number[] = [];
  while (values.length < 20_000) for (const value of init(shape, source)) values.push(value);
  let mean = 0;
  let variance = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    mean += value / values.length;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  return { count: values.length, mean, std: Math.sqrt(variance), low, high };
}

/**
 * The sample agrees: mean and standard deviation within five standard errors, and nothing beyond
 * the bounds (but for rounding to float32).
 */
export function problems(
  found: Sample,
  expected: {
    readonly mean: number;
    readonly std: number;
    readonly low?: number;
    readonly high?: number;
  },
): string[] {
  const out: string[] = [];
  const { mean, std, low = -Infinity, high = Infinity } = expected;
  const slack = 1e-6 * Math.max(Math.abs(found.low), Math.abs(found.high));
  if (!(Math.abs(found.mean - mean) <= (5 * std) / Math.sqrt(found.count)))
    out.push(`mean ${found.mean}, expected ${mean}`);
  // A normal's standard deviation has a relative standard error of √(1 / 2n), and no bounded one
  // here has a larger.
  if (!(Math.abs(found.std / std - 1) <= 5 / Math.sqrt(2 * found.count)))
    out.push(`standard deviation ${found.std}, expected ${std}`);
  if (!(found.low >= low - slack && found.high <= high + slack))
    out.push(`between ${found.low} and ${found.high}, expected ${low} and ${high}`);
  return out;
}
