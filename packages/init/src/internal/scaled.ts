import type { Rng, Shape } from "@tenon/contracts";
import * as draw from "@tenon/random";
import { fans } from "../fans.js";

export type FanMode = "fanIn" | "fanOut" | "fanAvg";
export type ScaledDistribution = "uniform" | "normal" | "truncatedNormal";

/**
 * Numbers of mean 0 and some deviation. Each kind is a function of its own, so that who wants one
 * need not load the others.
 */
type Kind = (deviation: number) => (rng: Rng) => number;

/** The deviation of a standard normal cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)). */
const cutAtTwo = 0.87962566103423978;

export const uniform: Kind = (deviation) => {
  const bound = Math.sqrt(3) * deviation;
  return (rng) => draw.uniform(rng, -bound, bound);
};

export const normal: Kind = (deviation) => (rng) => draw.normal(rng, 0, deviation);

export const truncatedNormal: Kind = (deviation) => {
  const parent = deviation / cutAtTwo;
  return (rng) => draw.truncatedNormal(rng, 0, parent);
};

/** Fills with mean 0 and deviation gain / √n. */
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
