import type { Rng, Shape } from "@tenon/contracts";
import * as draw from "@tenon/random";
import { fans } from "../fans.js";

/** Whose number the variance is divided by: inputs, outputs, or the mean of both. */
export type FanMode = "fanIn" | "fanOut" | "fanAvg";
/** What initial values are drawn from. */
export type ScaledDistribution = "uniform" | "normal" | "truncatedNormal";

/**
 * Values of mean 0 and the given standard deviation. Each kind is a separate function, so that a
 * bundle holds only those that it uses.
 */
type Kind = (std: number) => (rng: Rng) => number;

/** The standard deviation of a standard normal cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)). */
const cutAtTwo = 0.87962566103423978;

export const uniform: Kind = (std) => {
  const bound = Math.sqrt(3) * std;
  return (rng) => draw.uniform(rng, -bound, bound);
};

export const normal: Kind = (std) => (rng) => draw.normal(rng, 0, std);

export const truncatedNormal: Kind = (std) => {
  const parent = std / cutAtTwo;
  return (rng) => draw.truncatedNormal(rng, 0, parent);
};

/** Fills with mean 0 and standard deviation gain / √n. */
export function scaled(
  gain: number,
  mode: FanMode,
  kind: Kind,
): (values: Float32Array, shape: Shape, rng: Rng) => void {
  return (values, shape, rng) => {
    const { fanIn, fanOut } = fans(shape);
    const n = mode === "fanIn" ? fanIn : mode === "fanOut" ? fanOut : (fanIn + fanOut) / 2;
    const next = kind(gain / Math.sqrt(Math.max(1, n)));
    for (let i = 0; i < values.length; i++) values[i] = next(rng);
  };
}
