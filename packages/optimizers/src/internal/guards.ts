import { badArgument, isFiniteNumber, notNegative, positive, shown } from "@tenon/guards";
import type { Hyper } from "./hyper.js";

export { finite, notNegative, oneOf, positive, whole } from "@tenon/guards";

/**
 * Throws unless the value is a function of the step or a decay rate, in [0, 1); the error suggests
 * the `usual` one.
 */
export function decay(name: string, option: string, value: Hyper, usual: number): void {
  if (typeof value !== "function" && (!isFiniteNumber(value) || value < 0 || value >= 1))
    throw badArgument(name, `${option} in [0, 1)`, shown(value), `use ${usual}`);
}

/** Throws unless the value is a function of the step or a finite number that is not negative. */
export function rate(name: string, option: string, value: Hyper): void {
  if (typeof value !== "function") notNegative(name, option, value);
}

/** Throws unless the value is a function of the step or a finite number above 0. */
export function positiveRate(name: string, option: string, value: Hyper): void {
  if (typeof value !== "function") positive(name, option, value);
}

/** Throws unless both are `rate`s; `rootOf` avoids 0 / 0 if both are 0. */
export function epsilons(name: string, eps: Hyper, epsRoot: Hyper): void {
  rate(name, "eps", eps);
  rate(name, "epsRoot", epsRoot);
}
