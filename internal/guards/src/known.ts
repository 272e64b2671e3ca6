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
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const got = options === undefined ? "nothing" : shown(options);
    const isUnclear = !options || (options as unknown) === true || typeof options === "function";
    throw badArgument(
      name,
      names ? "an object of options" : "nothing",
      got,
      names && `write { ${all[0]}: ${isUnclear ? "…" : got} }`,
    );
  }
  for (const option of Object.keys(options))
    if (!`${names} ${also}`.split(" ").includes(option))
      throw badArgument(
        name,
        names ? `options among ${all.join(", ")}` : "no options",
        `"${option}"${suggestion(option, all)}`,
      );
  return options;
}
