import { badArgument } from "./badArgument.js";
import { shown } from "./shown.js";
import { suggestion } from "./suggestion.js";

/** The words of a text: `"a b"` is `"a" | "b"`. */
type Words<N extends string> = N extends `${infer First} ${infer Rest}`
  ? First | Words<Rest>
  : N extends ""
    ? never
    : N;

/**
 * Anything if the words are the names of T, all of them and no others; else what is missing or too
 * much.
 */
type Exactly<T, N extends string> = [
  Exclude<keyof T, Words<N>> | Exclude<Words<N>, keyof T>,
] extends [never]
  ? unknown
  : { readonly differ: Exclude<keyof T, Words<N>> | Exclude<Words<N>, keyof T> };

/**
 * The options of a function, after a check that all of them exist, for callers without TypeScript.
 *
 * `known("adam", options, "learningRate beta1 beta2")`. TypeScript holds the names to those of the
 * options' type.
 *
 * @param names of the options, the most important first
 * @param also names that may come along, and are not suggested
 * @throws RangeError if they are no object, or one with another name, suggesting the nearest
 */
export function known<T extends object, const N extends string>(
  name: string,
  options: T,
  names: N & Exactly<T, N>,
  also: string = "",
): T {
  const all = names.split(" ");
  refuseOthers(name, options, all, [...all, ...also.split(" ")]);
  return options;
}

/** Throws a RangeError unless a value is an object with no other options than these. */
export function refuseOthers(
  name: string,
  options: object,
  names: readonly string[],
  allowed: readonly string[] = names,
): void {
  const expected = `options { ${names.join(", ")} }`;
  if (
    typeof options !== "object" ||
    !options ||
    // A tensor or an array in their place has a dtype.
    (options as { readonly dtype?: unknown }).dtype ||
    Array.isArray(options)
  )
    throw badArgument(name, expected, shown(options));
  for (const option in options)
    if (!allowed.includes(option))
      throw badArgument(name, expected, shown(option), suggestion(option, names));
}
