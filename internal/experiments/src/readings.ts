import type { ByPath } from "@tenon/contracts";
import type { MeasuredEvent } from "@tenon/trainer";

/** What `curvesOf` reads of events, for records of several experiments. */
type Reading = (event: MeasuredEvent) => ByPath<number> | undefined;

const together = (norms: readonly number[]): number =>
  Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0));

/** The length of an observed step over all parameters, ‖Δw‖, as `norm`. */
export const updateNorm: Reading = (event) =>
  event.type === "statistics"
    ? { norm: together(Object.values(event.params).map((of) => of.updateNorm)) }
    : undefined;

/** The norm of the gradient of an observed step over all parameters, ‖g‖, as `norm`. */
export const gradientNorm: Reading = (event) =>
  event.type === "statistics"
    ? { norm: together(Object.values(event.params).map((of) => of.gradientNorm)) }
    : undefined;
