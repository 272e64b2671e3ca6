import { badArgument } from "./badArgument.js";
import { shown } from "./shown.js";

/** Whether the value is a number, and neither infinite nor NaN. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** Throws unless the value is a finite number. */
export function finite(name: string, option: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value)) throw badArgument(name, `a finite ${option}`, shown(value));
}

/** Throws unless the value is a finite number above 0. */
export function positive(name: string, option: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value) || (value as number) <= 0)
    throw badArgument(name, `a finite ${option} > 0`, shown(value));
}

/** Throws unless the value is a finite number and not negative. */
export function notNegative(name: string, option: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value) || (value as number) < 0)
    throw badArgument(name, `a finite ${option} ≥ 0`, shown(value));
}

/** Throws unless the value is a whole number of at least `least`. */
export function whole(
  name: string,
  option: string,
  value: unknown,
  least: number,
): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw badArgument(name, `a whole ${option} ≥ ${least}`, shown(value));
}

/** Throws unless the value is a whole number in [least, most]. */
export function wholeIn(
  name: string,
  option: string,
  value: unknown,
  least: number,
  most: number,
): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
    throw badArgument(name, `a whole ${option} in [${least}, ${most}]`, shown(value));
}

/** Throws unless the value is true or false: "false" is truthy. */
export function flag(name: string, option: string, value: unknown): asserts value is boolean {
  if (value !== !!value) throw badArgument(name, `${option} as true or false`, shown(value));
}

/** Throws unless the value is a function. */
export function callable(name: string, option: string, value: unknown): void {
  if (typeof value !== "function") throw badArgument(name, `${option} as a function`, shown(value));
}

/** Throws unless the value is a text. */
export function text(name: string, option: string, value: unknown): asserts value is string {
  if (typeof value !== "string") throw badArgument(name, `${option} as text`, shown(value));
}

/** Throws unless the value is a list or a typed array. */
export function list(
  name: string,
  option: string,
  value: unknown,
): asserts value is readonly unknown[] {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value))
    throw badArgument(name, `${option} as a list`, shown(value));
}

/** Throws unless the value is one of the choices. */
export function oneOf(
  name: string,
  option: string,
  value: unknown,
  choices: readonly string[],
): void {
  if (!choices.includes(value as string)) {
    throw badArgument(
      name,
      `${option} to be ${choices.map((choice) => `"${choice}"`).join(" or ")}`,
      shown(value),
    );
  }
}
