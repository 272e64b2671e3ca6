import { badArgument } from "./badArgument.js";
import { shown } from "./shown.js";

/**
 * Throws a RangeError unless a value has certain methods: `made("fit", "optimizer as a transform",
 * x, "slots update", "adam()")`. The message names the usual mistakes: a function that was not
 * called, a promise without `await`, a list in place of a value.
 *
 * @param example how one is made
 * @param ofList the fix for a list
 */
export function made(
  name: string,
  what: string,
  value: unknown,
  methods: string,
  example: string,
  ofList = "",
): void {
  const given = value as Readonly<Record<string, unknown>> | null | undefined;
  const has = (method: string): boolean => typeof given?.[method] === "function";
  if (methods.split(" ").every(has)) return;
  const isList = Array.isArray(value);
  const call = example.startsWith("await") ? "call it: await " : "call it: ";
  const fix =
    typeof value === "function"
      ? value.name
        ? `${call}${value.name}()`
        : "call it"
      : has("then")
        ? "write await before it"
        : isList
          ? ofList
          : "";
  throw badArgument(name, `${what}, such as ${example}`, isList ? "a list" : shown(value), fix);
}

/**
 * Throws a RangeError unless a value is a list of values with certain methods: `madeList("fit",
 * "metrics", x, "update result", "accuracy")`.
 */
export function madeList(
  name: string,
  what: string,
  value: unknown,
  methods: string,
  example: string,
): void {
  if (!Array.isArray(value))
    throw badArgument(
      name,
      `${what} as a list, such as [${example}]`,
      shown(value),
      "put them in [ ]",
    );
  for (const entry of value) made(name, `${what} as a list`, entry, methods, `[${example}]`);
}
