import type { ByPath, ParamStatistics, Shape, StepStatistics } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { ObservedStep, RunRecord } from "../record.js";
import { shapesOf } from "./layers.js";
import { median } from "./numbers.js";

/** A kernel in an observed step. */
export interface Kernel extends ParamStatistics {
  readonly path: string;
  /** The root mean square of an element of the gradient. */
  readonly gradientSize: number;
  /** The norm of the value, or that of Glorot's initial values if this is larger. */
  readonly length: number;
  /** The norm of the update over this length. */
  readonly ratio: number;
}

/** `"fc1/weight"` of `"fc1.weight"` and of `"fc1/weight:0"`, as other libraries call it. */
const plainPath = (path: string): string => path.replace(/:\d+$/, "").replaceAll(".", "/");

const vectors = /(^|\/)(bias|b|gamma|beta|scale|offset)(_[^/]*)?$/i;

/**
 * The parameters of two axes or more, in the order of the forward pass.
 *
 * Where shapes are not known, names tell: biases and the scales of normalizations are left out, as
 * is a `weight` with as many elements as the `bias` of its layer.
 */
export function kernelsIn(
  record: RunRecord,
  observed: Pick<StepStatistics, "params">,
): readonly Kernel[] {
  if (typeof record?.setup !== "object")
    throw badArgument("kernelsIn", "a record, such as newRecord()", shown(record));
  const params = observed?.params;
  if (typeof params !== "object")
    throw badArgument("kernelsIn", "an observed step, with params", shown(observed));
  const shapes = plainKeys(shapesOf(record));
  const sizes = plainKeys(params);
  const isKernel = (path: string, { size }: ParamStatistics): boolean => {
    const shape = shapes.get(path);
    if (shape) return shape.length > 1;
    const isScale = sizes.get(path.replace(/weight$/, "bias"))?.size === size;
    return !vectors.test(path) && !(path.endsWith("weight") && isScale);
  };
  return Object.entries(params)
    .filter(([path, param]) => isKernel(plainPath(path), param))
    .map(([path, param]) => {
      const length = Math.max(param.norm, usualNorm(shapes.get(plainPath(path)), param));
      const gradientSize = param.gradientNorm / Math.sqrt(param.size);
      return { path, ...param, gradientSize, length, ratio: param.updateNorm / length };
    });
}

const plainKeys = <V>(values: ByPath<V>): ReadonlyMap<string, V> =>
  new Map(Object.entries(values).map(([path, value]) => [plainPath(path), value]));

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

/** A step with its norms and its ratio, which are computed once. */
export function observedOf(
  record: RunRecord,
  { step, input, layers, params }: StepStatistics & { readonly step: number },
): ObservedStep {
  const kernels = kernelsIn(record, { params });
  const ratios = kernels.map(({ ratio }) => ratio).filter((ratio) => !Number.isNaN(ratio));
  const norms = {
    value: Math.hypot(...kernels.map(({ length }) => length)),
    gradient: Math.hypot(...kernels.map(({ gradientNorm }) => gradientNorm)),
    update: Math.hypot(...kernels.map(({ updateNorm }) => updateNorm)),
  };
  return { step, input, layers, params, norms, ratio: median(ratios) };
}

/** The first step, if it was observed: values are the initial ones. */
export function firstStep({ observed }: RunRecord): ObservedStep | undefined {
  return observed[0] !== undefined && observed[0].step <= 1 ? observed[0] : undefined;
}
