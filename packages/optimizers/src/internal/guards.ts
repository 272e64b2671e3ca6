import type { Schedule } from "@tenon/contracts";

const isFinite = (value: number): boolean => typeof value === "number" && value - value === 0;

/** Throws unless the value is a finite number. */
export function finite(name: string, option: string, value: number): void {
  if (!isFinite(value)) throw new RangeError(`${name}: expected a finite ${option}, got ${String(value)}`);
}

/** Throws unless the value is a finite number above zero. */
export function positive(name: string, option: string, value: number): void {
  if (!isFinite(value) || value <= 0) throw new RangeError(`${name}: expected a finite ${option} > 0, got ${String(value)}`);
}

/** Throws unless the value is a finite number and not negative. */
export function notNegative(name: string, option: string, value: number): void {
  if (!isFinite(value) || value < 0) throw new RangeError(`${name}: expected a finite ${option} ≥ 0, got ${String(value)}`);
}

/** Throws unless the value can be how much of the past is kept; `usual` is what most people use. */
export function decay(name: string, option: string, value: number, usual: number): void {
  if (!isFinite(value) || value < 0 || value >= 1) throw new RangeError(`${name}: expected ${option} in [0, 1), got ${String(value)}; use ${usual}`);
}

/** Throws unless the value is a whole number of at least `least`. */
export function whole(name: string, option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${name}: expected a whole ${option} ≥ ${least}, got ${String(value)}`);
}

/** Throws unless the value is a function of the step or a finite number that is not negative. */
export function rate(name: string, option: string, value: Schedule | number): void {
  if (typeof value !== "function") notNegative(name, option, value);
}

/** Throws unless the value is one of the choices. */
export function oneOf(name: string, option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new RangeError(`${name}: expected ${option} to be ${choices.map((choice) => `"${choice}"`).join(" or ")}, got ${JSON.stringify(value)}`);
  }
}

/** Throws unless something keeps the quotient finite where the gradient is zero. */
export function epsilons(name: string, eps: number, epsRoot: number): void {
  notNegative(name, "eps", eps);
  notNegative(name, "epsRoot", epsRoot);
  if (eps + epsRoot === 0) throw new RangeError(`${name}: expected eps or epsRoot above 0, got 0 for both; a gradient of zero would give 0/0`);
}
