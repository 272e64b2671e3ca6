import type { Description, Init } from "@tenon/contracts";
import * as modules from "./index.js";

/**
 * Makes an Init again from what its `toJSON` said: `initFromJSON({ type: "heNormal" })` is `heNormal()`.
 *
 * Options left out have their defaults. Throws a RangeError for a type or an option that does not exist.
 */
export function initFromJSON(description: Description): Init {
  // Whatever this package exports is a type, but for the functions that are no initializers.
  const { fans: _fans, gain: _gain, initFromJSON: _this, ...types } = modules;
  const type: unknown = description?.type;
  if (typeof type !== "string" || !Object.hasOwn(types, type)) {
    throw new RangeError(`initFromJSON: expected a type of ${Object.keys(types).join(", ")}, got ${JSON.stringify(type)}`);
  }
  const make = types[type as keyof typeof types] as (options: Description) => Init;
  const init = make(description);
  const known = Object.keys(init.toJSON?.() ?? {});
  for (const option of Object.keys(description)) {
    if (!known.includes(option)) {
      throw new RangeError(`initFromJSON: ${type} has no option "${option}"; it has ${known.filter((name) => name !== "type").join(", ") || "none"}`);
    }
  }
  return init;
}
