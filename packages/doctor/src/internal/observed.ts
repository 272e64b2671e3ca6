import type { ParamStatistics, Shape } from "@tenon/contracts";
import type { ObservedStep, RunRecord } from "../record.js";
import { shapesOf } from "./layers.js";
import { median } from "./numbers.js";

/** A kernel in an observed step. */
export interface Kernel extends ParamStatistics {
  readonly path: string;
  /** The root mean square of an element of the gradient. */
  readonly gradientSize: number;
  /** Update over value, where the value counts as at least what Glorot's initial values have. */
  readonly ratio: number;
}

/** The parameters of two axes or more, in the order of the forward pass. */
export function kernelsIn(record: RunRecord, { params }: ObservedStep): readonly Kernel[] {
  const shapes = shapesOf(record);
  return Object.entries(params)
    .filter(([path]) =>
      Object.hasOwn(shapes, path)
        ? shapes[path]!.length > 1
        : !/(^|\/)(bias|b|gamma|beta|scale|offset)$/i.test(path),
    )
    .map(([path, param]) => ({
      path,
      ...param,
      gradientSize: param.gradientNorm / Math.sqrt(param.size),
      ratio: param.updateNorm / Math.max(param.norm, usualNorm(shapes[path], param)),
    }));
}

/**
 * √(2 · size / (fan_in + fan_out)), the norm that Glorot's initial values have: what a kernel that
 * began as zeros will grow to. Where the shape is not known, 0.
 */
function usualNorm(shape: Shape | undefined, { size }: ParamStatistics): number {
  const units = shape?.at(-1);
  if (units === undefined || units === 0) return 0;
  const receptive = shape!.slice(0, -2).reduce((a, b) => a * b, 1);
  return Math.sqrt((2 * size) / (size / units + units * receptive));
}

/** The median over kernels of how much of its value an update changes. NaN without kernels. */
export const updateRatio = (record: RunRecord, observed: ObservedStep): number =>
  median(
    kernelsIn(record, observed)
      .map(({ ratio }) => ratio)
      .filter((ratio) => !Number.isNaN(ratio)),
  );

export interface Norms {
  readonly value: number;
  readonly gradient: number;
  readonly update: number;
}

/** The norms over all kernels together of values, gradients and updates. */
export function normsIn(record: RunRecord, observed: ObservedStep): Norms {
  const kernels = kernelsIn(record, observed);
  const shapes = shapesOf(record);
  return {
    value: Math.hypot(
      ...kernels.map((kernel) => Math.max(kernel.norm, usualNorm(shapes[kernel.path], kernel))),
    ),
    gradient: Math.hypot(...kernels.map(({ gradientNorm }) => gradientNorm)),
    update: Math.hypot(...kernels.map(({ updateNorm }) => updateNorm)),
  };
}

/** The first step, if it was observed: values are the initial ones. */
export function firstStep({ observed }: RunRecord): ObservedStep | undefined {
  return observed[0] !== undefined && observed[0].step <= 1 ? observed[0] : undefined;
}
