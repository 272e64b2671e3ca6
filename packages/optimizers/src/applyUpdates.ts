import type { Arithmetic, ByPath } from "@tenon/contracts";
import { badArgument, made, moved, noOptions } from "@tenon/guards";
import { checkByPath } from "./internal/checkTransform.js";
import { mapPaths } from "./internal/mapPaths.js";

/**
 * The parameters after a step: each plus its update. Throws if a parameter has none, or one of the
 * two is no value with arithmetic.
 */
export function applyUpdates<T extends Arithmetic<T>>(
  params: ByPath<T>,
  updates: ByPath<T>,
): ByPath<T> {
  noOptions("applyUpdates", arguments[2]);
  checkByPath("applyUpdates", "parameters", params);
  checkByPath("applyUpdates", "updates", updates);
  return mapPaths(params, (w, path) => {
    const update = updates[path];
    if (!update)
      throw badArgument("applyUpdates", "an update for each parameter", `none for "${path}"`);
    for (const value of [w, update])
      made("applyUpdates", "values with arithmetic", value, "add", "tensors");
    return moved(w, update);
  });
}
