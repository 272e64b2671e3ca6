import { badArgument } from "./badArgument.js";
import { shown } from "./shown.js";

/**
 * Throws a RangeError unless a value has the methods that it is asked for: `made("fit", "optimizer
 * as a transform", x, "slots update", "adam()")`. The message suggests what is usually missing: to
 * call a function, to await, to put a value into a list, or to take it out.
 *
 * @param example how one is made
 * @param ofList what to do with a list
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
  const call =
    typeof value === "function" && value.name !== ""
      ? `call it: ${example.startsWith("await") ? "await " : ""}${value.name}()`
      : "call it";
  const fix =
    typeof value === "function"
      ? call
      : has("then")
        ? "write await before it"
        : Array.isArray(value)
          ? ofList
          : "";
  throw badArgument(
    name,
    `${what}, such as ${example}`,
    `${Array.isArray(value) ? "a list" : shown(value)}${fix && `; ${fix}`}`,
  );
}

/**
 * Throws a RangeError unless a value is a list of what has these methods: `madeList("fit",
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
  for (const item of value) made(name, `${what} as a list`, item, methods, `[${example}]`);
}
