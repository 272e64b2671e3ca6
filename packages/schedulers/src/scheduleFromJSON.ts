import type { Description, Json, Schedule } from "@tenon/contracts";
import { badArgument, shown, suggestion } from "@tenon/guards";
import * as modules from "./index.js";

/**
 * Makes a schedule, with the schedules inside it, from the description that its `toJSON` returned.
 *
 * Omitted options have their defaults. Throws a RangeError for a type or an option that does
 * not exist.
 */
export function scheduleFromJSON(description: Description): Schedule {
  // Every export of this package is a type, except this function and the one that draws.
  const { scheduleFromJSON: _this, sketch: _sketch, ...types } = modules;
  const type: unknown = description?.type;
  if (typeof type !== "string" || !Object.hasOwn(types, type)) {
    throw badArgument(
      "scheduleFromJSON",
      `a type of ${Object.keys(types).join(", ")}`,
      shown(type),
      suggestion(String(type), Object.keys(types)),
    );
  }
  const make = types[type as keyof typeof types] as unknown as (
    options: Readonly<Record<string, unknown>>,
  ) => Schedule;
  const { type: _type, ...options } = description;
  return make(
    Object.fromEntries(Object.entries(options).map(([name, value]) => [name, revived(value)])),
  );
}

/** Descriptions, also in lists, become schedules; anything else stays as it is. */
function revived(value: Json): unknown {
  if (Array.isArray(value)) return value.map(revived);
  return isDescription(value) ? scheduleFromJSON(value) : value;
}

function isDescription(value: Json): value is Description {
  return typeof value === "object" && value !== null && "type" in value;
}
