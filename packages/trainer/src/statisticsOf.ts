import type {
  ByPath,
  NDArray,
  ParamStatistics,
  StepStatistics,
  ValueStatistics,
} from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { histogramIn, summaryOf, totalOf } from "./internal/sums.js";

/**
 * What an observed step returns: figures of parts of arrays, from which `statisticsOf` computes the
 * statistics.
 */
export type Observed<V> = {
  /**
   * int32: of the input and of each layer how many elements and how many units it has; of each
   * parameter its size.
   */
  readonly sizes: V;
  readonly input: ByPath<V>;
  readonly layers: ByPath<ByPath<V>>;
  readonly params: ByPath<ByPath<V>>;
};

/**
 * The statistics of a step, from the outputs of an observed step: `statisticsOf(outputs.observed)`.
 *
 * The step takes summaries of columns of some of the elements of a unit in float32 (`summary` of
 * `@tenon/tensor`); the rest is computed in float64. Means, standard deviations and norms are right
 * to 1e-5 for all finite elements, whatever their size; a standard deviation that is less than 1e-5
 * of the mean, to 1e-7 of the mean. Where an element is NaN or infinite, they are not finite
 * either.
 *
 * @throws RangeError if `observed` is not such an output
 */
export function statisticsOf(observed: Observed<NDArray>): StepStatistics {
  const { sizes, input, layers, params } = (observed ?? {}) as Partial<typeof observed>;
  if (!sizes?.data || !input || !layers || !params)
    throw badArgument(
      "statisticsOf",
      "the output `observed` of a step",
      shown(observed),
      "set observe: true",
    );
  let read = 0;
  const next = (): number => sizes.data[read++]!;
  const mapped = <W>(
    values: ByPath<ByPath<NDArray>>,
    statistics: (sums: ByPath<NDArray>) => W,
  ): ByPath<W> =>
    Object.fromEntries(Object.entries(values).map(([path, sums]) => [path, statistics(sums)]));
  const ofValue = (sums: ByPath<NDArray>): ValueStatistics => valueStatistics(sums, next(), next());
  return {
    input: ofValue(input),
    layers: mapped(layers, ofValue),
    params: mapped(params, (sums) => paramStatistics(sums, next())),
  };
}

/** Of an array of some size, whose last axis are units; each column is of one of them. */
function valueStatistics(sums: ByPath<NDArray>, size: number, units: number): ValueStatistics {
  const summary = summaryOf(sums["value"]!);
  const zeros = sums["zeros"]?.data ?? summary.zeros;
  const rows = size / zeros.length;
  const isDead = new Uint8Array(units).fill(1);
  for (let i = 0; i < zeros.length; i++) if (zeros[i]! < rows) isDead[i % units] = 0;
  return {
    mean: summary.mean + (sums["base"]?.data[0] ?? 0),
    std: summary.std,
    zeros: totalOf(zeros) / size,
    dead: totalOf(isDead) / units,
    saturated: totalOf(sums["saturated"]?.data ?? []) / size,
    nonFinite: summary.nonFinite / size,
    ...histogramIn(sums, "histogram"),
  };
}

function paramStatistics(sums: ByPath<NDArray>, size: number): ParamStatistics {
  const parts = ["value", "gradient", "update"].map((part) => summaryOf(sums[part]!));
  const [norm, gradientNorm, updateNorm] = parts.map(
    ({ mean, std }) => Math.hypot(mean, std) * Math.sqrt(size),
  ) as [number, number, number];
  return {
    size,
    norm,
    gradientNorm,
    updateNorm,
    updateRatio: updateNorm === 0 ? 0 : updateNorm / norm,
    nonFinite: totalOf(parts.map(({ nonFinite }) => nonFinite)) / (3 * size),
    ...histogramIn(sums, "histogram"),
    ...histogramIn(sums, "gradientHistogram"),
  };
}
