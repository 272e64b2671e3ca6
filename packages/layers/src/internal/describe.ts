import type { Description, Json } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/**
 * A layer in JSON: its type and the arguments of the call that makes it. Options left at their
 * defaults are left out.
 */
export function describe(type: string, ...args: readonly unknown[]): Description {
  const said = args.map((value, i) => toJson(type, `argument ${i + 1}`, value));
  while (said.length > 0 && isEmpty(said[said.length - 1])) said.pop();
  return said.length > 0 ? { type, args: said.map((value) => value ?? null) } : { type };
}

function toJson(type: string, what: string, value: unknown): Json | undefined {
  if (
    value === null ||
    value === undefined ||
    typeof value === "boolean" ||
    typeof value === "string"
  )
    return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw badArgument(type, `${what} as a number that JSON can hold`, value);
    return value;
  }
  const { toJSON } = value as { toJSON?: () => Json };
  if (typeof toJSON === "function") return toJSON.call(value);
  if (typeof value === "function")
    throw badArgument(
      type,
      `${what} to have toJSON, so that it can be written down`,
      "a plain function",
    );
  if (Array.isArray(value))
    return value.map((entry, i) => toJson(type, `${what}[${i}]`, entry) ?? null);
  const said: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value as object)) {
    const json = toJson(type, key, entry);
    if (json !== undefined) said[key] = json;
  }
  return said;
}

const isEmpty = (json: Json | undefined): boolean =>
  json === undefined ||
  (typeof json === "object" &&
    json !== null &&
    !Array.isArray(json) &&
    Object.keys(json).length === 0);
