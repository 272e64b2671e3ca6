import type {
  ByPath,
  NDArray,
  ParamStatistics,
  StepStatistics,
  ValueStatistics,
} from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { histogramIn, squaresIn, totalIn, type Sums } from "./internal/sums.js";

/**
 * What an observed step returns: sums over the elements of arrays, from which `statisticsOf`
 * computes the statistics.
 */
export type Observed<V> = {
  /**
   * int32: of the input and of each layer how many elements each of the sums is of, and how many
   * units there are, of which each may have several sums; of each parameter its size.
   */
  readonly sizes: V;
  readonly input: Sums<V>;
  readonly layers: ByPath<Sums<V>>;
  readonly params: ByPath<Sums<V>>;
};

/**
 * The statistics of a step, from the sums in the outputs of an observed step:
 * `statisticsOf(outputs.observed)`.
 *
 * The step sums in float32 over the elements of a unit; the rest is computed in float64. Means and
 * standard deviations are of differences from what is nearly the mean, so that nothing cancels, and
 * they and the norms neither overflow nor underflow. Where an element is NaN or infinite, they are
 * not finite either.
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
      "make the step with trainingStep(model, { observe: true, … })",
    );
  let read = 0;
  const next = (): number => sizes.data[read++]!;
  const mapped = <W>(
    values: ByPath<Sums<NDArray>>,
    statistics: (sums: Sums<NDArray>) => W,
  ): ByPath<W> =>
    Object.fromEntries(Object.entries(values).map(([path, sums]) => [path, statistics(sums)]));
  const ofValue = (sums: Sums<NDArray>): ValueStatistics => valueStatistics(sums, next(), next());
  return {
    input: ofValue(input),
    layers: mapped(layers, ofValue),
    params: mapped(params, (sums) => paramStatistics(sums, next())),
  };
}

/** Of sums of `n` elements each, of which each unit has as many. */
function valueStatistics(sums: Sums<NDArray>, n: number, units: number): ValueStatistics {
  const [pivot, sum, zeros, base] = ["pivot", "sum", "zeros", "base"].map(
    (name) => sums[name]?.data,
  );
  const squares = squaresIn(sums, "value");
  const count = pivot!.length * n;
  // All but `base` is divided by 4.
  const means = new Float64Array(pivot!.length);
  let total = 0;
  for (let i = 0; i < means.length; i++)
    total += means[i] = 4 * (pivot![i]! + sum![i]!) + (base?.[i] ?? 0);
  const mean = total / means.length;
  // Σ (x − mean)² is Σ (x − m)² within each sum, whose mean is m, and n (m − mean)² between them.
  let within = 0;
  let between = 0;
  const isDead = new Uint8Array(units).fill(1);
  for (let i = 0; i < means.length; i++) {
    const d = sum![i]!;
    const apart = means[i]! - mean;
    within += Math.max(0, squares(i) - d * d * n);
    between += apart * apart;
    if (zeros![i]! < n) isDead[i % units] = 0;
  }
  return {
    mean,
    std: Math.sqrt((16 * within + between * n) / count),
    zeros: totalIn(sums, "zeros") / count,
    dead: isDead.reduce((sum, dead) => sum + dead, 0) / units,
    saturated: totalIn(sums, "saturated") / count,
    nonFinite: totalIn(sums, "valueNonFinite") / count,
    ...histogramIn(sums, "histogram"),
  };
}

function paramStatistics(sums: Sums<NDArray>, size: number): ParamStatistics {
  const parts = ["value", "gradient", "update"] as const;
  const [norm, gradientNorm, updateNorm] = parts.map((part) =>
    Math.sqrt(squaresIn(sums, part)(0)),
  ) as [number, number, number];
  const nonFinite = parts.reduce((sum, part) => sum + totalIn(sums, `${part}NonFinite`), 0);
  return {
    size,
    norm,
    gradientNorm,
    updateNorm,
    updateRatio: updateNorm === 0 ? 0 : updateNorm / norm,
    nonFinite: nonFinite / (3 * size),
    ...histogramIn(sums, "histogram"),
    ...histogramIn(sums, "gradientHistogram"),
  };
}
