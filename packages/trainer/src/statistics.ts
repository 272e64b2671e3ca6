import type {
  ByPath,
  NDArray,
  ParamStatistics,
  StepStatistics,
  ValueStatistics,
} from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { histogramIn, totalIn, type Sums } from "./internal/sums.js";

/**
 * What an observed step returns: sums over the elements of arrays, from which `statisticsOf`
 * computes the statistics.
 */
export type Observed<V> = {
  /** int32: of the input and of each layer the elements per unit, of each parameter its size. */
  readonly sizes: V;
  readonly input: Sums<V>;
  readonly layers: ByPath<Sums<V>>;
  readonly params: ByPath<Sums<V>>;
};

/**
 * The statistics of a step, from the sums in the outputs of an observed step:
 * `statisticsOf(outputs.observed)`.
 *
 * The step sums in float32 over the elements of a unit; the rest is computed in float64. Standard
 * deviations are of differences from the first example, so that nothing cancels, and they and the
 * norms neither overflow nor underflow. Where an element is NaN or infinite, they are too.
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
  const mapped = <W>(
    values: ByPath<Sums<NDArray>>,
    of: (sums: Sums<NDArray>, size: number) => W,
  ): ByPath<W> =>
    Object.fromEntries(
      Object.entries(values).map(([path, sums]) => [path, of(sums, sizes.data[read++]!)]),
    );
  return {
    ...(mapped({ input }, valueStatistics) as { readonly input: ValueStatistics }),
    layers: mapped(layers, valueStatistics),
    params: mapped(params, paramStatistics),
  };
}

/** Of `n` elements for each unit. */
function valueStatistics(sums: Sums<NDArray>, n: number): ValueStatistics {
  const [first, sum, squares] = ["first", "sum", "squares"].map((name) => sums[name]!.data);
  const scale = totalIn(sums, "scale");
  const count = first!.length * n;
  const means = Array.from(first!, (value, unit) => value + sum![unit]! / scale / n);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  // Σ (x − mean)² is Σ (x − m)² within each unit, whose mean is m, and n (m − mean)² between them.
  const spread = means.reduce((total, value, unit) => {
    const within = squares![unit]! - sum![unit]! ** 2 / n;
    return total + Math.max(0, within) / scale ** 2 + n * (value - mean) ** 2;
  }, 0);
  return {
    mean,
    std: Math.sqrt(spread / count),
    zeros: totalIn(sums, "zeros") / count,
    dead: sums["zeros"]!.data.filter((zeros) => zeros === n).length / first!.length,
    saturated: totalIn(sums, "saturated") / count,
    nonFinite: totalIn(sums, "nonFinite") / count,
    ...histogramIn(sums, "histogram"),
  };
}

function paramStatistics(sums: Sums<NDArray>, size: number): ParamStatistics {
  const parts = ["value", "gradient", "update"] as const;
  const [norm, gradientNorm, updateNorm] = parts.map(
    (part) => Math.sqrt(totalIn(sums, part)) / totalIn(sums, `${part}Scale`),
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
