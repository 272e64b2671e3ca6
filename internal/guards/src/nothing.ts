import { known } from "./known.js";

/** Throws a TypeError if a function that takes nothing was given something: `nothing("relu", arguments)`. */
export function nothing(name: string, given: ArrayLike<unknown>): void {
  known<object, "">(name, given[0] ?? {}, "");
}
