import type { Description, Init } from "@tenon/contracts";
import { badArgument, shown, suggestion } from "@tenon/guards";
import * as modules from "./index.js";

/**
 * Makes an Init from its JSON: `initFromJSON({ type: "heNormal" })` is
 * `heNormal()`.
 *
 * Omitted options have their defaults. Throws a RangeError for a type or an option that does
 * not exist.
 */
export function initFromJSON(description: Description): Init {
  // Every export is a type, except the functions that are not initializers.
  const { fans: _fans, gain: _gain, initFromJSON: _this, ...types } = modules;
  const type: unknown = description?.type;
  if (typeof type !== "string" || !Object.hasOwn(types, type)) {
    throw badArgument(
      "initFromJSON",
      `a type of ${Object.keys(types).join(", ")}`,
      shown(type),
      suggestion(String(type), Object.keys(types)),
    );
  }
  const make = types[type as keyof typeof types] as (
    options: Readonly<Record<string, unknown>>,
  ) => Init;
  const { type: _type, ...options } = description;
  return make(options);
}
