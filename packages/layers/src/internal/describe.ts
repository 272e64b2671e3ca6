import type { Description, Json } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/**
 * A layer in JSON: its type and the arguments of the call that makes it. Options left at their
 * defaults are left out.
 */
export function describe(type: string, ...args: readonly unknown[]): Description {
  const text = JSON.stringify(args, function (this: unknown, key, value: unknown) {
    const place = Number(key) + 1;
    const what = place ? `${this === args ? "argument" : "entry"} ${place}` : key;
    if (typeof value === "number" && !Number.isFinite(value))
      throw badArgument(type, `${what} as a number that JSON can hold`, value);
    if (typeof value === "function")
      throw badArgument(
        type,
        `${what} to have toJSON, so that it can be written down`,
        "a plain function",
      );
    return value;
  });
  const said = JSON.parse(text) as Json[];
  while (said.length > 0 && isEmpty(said.at(-1)!)) said.pop();
  return said.length > 0 ? { type, args: said } : { type };
}

/** Of an argument that was left out, null; of options at their defaults, {}. */
const isEmpty = (json: Json): boolean =>
  json === null ||
  (typeof json === "object" && !Array.isArray(json) && Object.keys(json).length === 0);
