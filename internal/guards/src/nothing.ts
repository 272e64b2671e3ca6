import { badArgument } from "./badArgument.js";
import { known } from "./known.js";
import { shown } from "./shown.js";

/**
 * Throws a RangeError if a function that takes nothing was given something: `nothing("relu",
 * arguments)`.
 */
export function nothing(name: string, given: ArrayLike<unknown>): void {
  known<object, "">(name, given[0] ?? {}, "");
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
