import { badArgument } from "./badArgument.js";
import { shown } from "./shown.js";

/**
 * Throws a RangeError if a function that takes nothing was given something: `nothing("relu",
 * arguments)`.
 */
export function nothing(name: string, given: ArrayLike<unknown>): void {
  const first = given[0] ?? {};
  if (typeof first !== "object" || Array.isArray(first))
    throw badArgument(name, "nothing", shown(first));
  const [option] = Object.keys(first);
  if (option !== undefined) throw badArgument(name, "no options", `"${option}"`);
}

/**
 * Throws a RangeError if a function without options was given some after its arguments:
 * `noOptions("dropout", arguments[1])`. A number or a list is let pass: `map` and `reduce` call
 * with an index and the whole.
 */
export function noOptions(name: string, given: unknown): void {
  if (typeof given === "object" && given !== null && !Array.isArray(given))
    throw badArgument(name, "no options", shown(given), "leave them out");
}
