import type { Json, Metric, NDArray } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";

type Batch = readonly [predictions: NDArray, targets: NDArray, weights?: NDArray];

/** The metric, which refuses a state that is not one of its own. */
export function checkingState<S extends Json>(metric: Metric<S>): Metric<S> {
  const { name, start } = metric;
  const own = (state: S): S => {
    if (isLike(state, start)) return state;
    throw badArgument(name, "a state of its own", shown(state), "begin with its start");
  };
  return {
    name,
    start,
    update: (state: S, ...batch: Batch) => metric.update(own(state), ...batch),
    result: (state: S) => metric.result(own(state)),
  };
}

/**
 * Whether a state has the parts of another, and no others, and numbers that JSON can hold; a list
 * may grow that begins empty.
 */
function isLike(state: unknown, start: unknown): boolean {
  const parts = Object.keys(start as object) as never[];
  return (
    typeof state === typeof start &&
    (typeof start !== "number" || Number.isFinite(state)) &&
    Array.isArray(state) === Array.isArray(start) &&
    (!parts[0] || Object.keys(Object(state)).length === parts.length) &&
    parts.every((part) => isLike((state as never)?.[part], (start as never)[part]))
  );
}
