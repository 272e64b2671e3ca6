import type { ByPath, Pass } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { hashString } from "@tenon/random";
import { sameShape, show } from "./shapes.js";
import type { Tensor } from "./tensor.js";

export interface PassOptions {
  readonly params: ByPath<Tensor>;
  /** @defaultValue {} */
  readonly stats?: ByPath<Tensor>;
  /**
   * The step context of training: int32 scalars from which random numbers are computed. Without it
   * nothing is random and running statistics are used.
   */
  readonly training?: { readonly seed: Tensor; readonly step: Tensor };
  /**
   * Called with the output of each layer inside the model: to inspect activations, or to find the
   * first value that is not finite.
   */
  readonly tap?: (path: string, output: Tensor) => void;
}

/** The pass of a whole model, and the statistics after it. */
export interface RootPass extends Pass<Tensor> {
  /** All running statistics, with the values that layers have set. */
  statsAfter(): ByPath<Tensor>;
}

/**
 * The context of one forward pass: the values of a model's parameters and statistics, whether it is
 * training, and random numbers.
 */
export function pass(options: PassOptions): RootPass {
  const { params, stats = {}, training, tap } = known("pass", options, "params stats training tap");
  if (training) known("pass's training", training, "seed step");
  if (typeof params !== "object" || params === null)
    throw badArgument("pass", "params, tensors by their paths", shown(params));
  const kept = new Map<string, Tensor>();
  const draws = new Map<string, number>();
  const passOf = (path: string): Pass<Tensor> => {
    const under = <V>(all: ByPath<V>): ByPath<V> =>
      path === ""
        ? all
        : Object.fromEntries(
            Object.entries(all).flatMap(([key, value]) =>
              key.startsWith(path) ? [[key.slice(path.length), value]] : [],
            ),
          );
    return {
      training: training !== undefined,
      params: under(params),
      stats: under(stats),
      part: (name) => passOf(`${path}${name}/`),
      setStat(stat, value) {
        const before = Object.hasOwn(stats, path + stat) ? stats[path + stat] : undefined;
        if (!before)
          throw badArgument(
            "setStat",
            "a statistic that the layer's plan names",
            `"${path}${stat}"`,
          );
        if (!sameShape(before.shape, value.shape))
          throw badArgument(
            "setStat",
            `${path}${stat} of shape ${show(before.shape)}`,
            show(value.shape),
          );
        kept.set(path + stat, value);
      },
      tap(output) {
        tap?.(path.slice(0, -1), output);
      },
      draw(shape, by) {
        if (!training)
          throw badArgument(
            "draw",
            "a training pass, which has a seed and a step",
            `one without training in layer "${path}"`,
          );
        const draw = draws.get(path) ?? 0;
        draws.set(path, draw + 1);
        return by(shape, training.seed, training.step, hashString(`${path}#${draw}`));
      },
    };
  };
  return { ...passOf(""), statsAfter: () => ({ ...stats, ...Object.fromEntries(kept) }) };
}
