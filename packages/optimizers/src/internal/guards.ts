import type { Schedule } from "@tenon/contracts";
import { badArgument, isFiniteNumber, notNegative, shown } from "@tenon/guards";

export { finite, notNegative, oneOf, positive, whole } from "@tenon/guards";

/** Throws unless the value is a decay rate, in [0, 1); the error suggests the `usual` one. */
export function decay(name: string, option: string, value: number, usual: number): void {
  if (!isFiniteNumber(value) || value < 0 || value >= 1)
    throw badArgument(name, `${option} in [0, 1)`, shown(value), `use ${usual}`);
}

/** Throws unless the value is a function of the step or a finite number that is not negative. */
export function rate(name: string, option: string, value: Schedule | number): void {
  if (typeof value !== "function") notNegative(name, option, value);
}

/**
 * Throws unless both are finite and not negative; `withEpsilon` avoids 0 / 0 if both are 0.
 */
export function epsilons(name: string, eps: number, epsRoot: number): void {
  notNegative(name, "eps", eps);
  notNegative(name, "epsRoot", epsRoot);
}
