import type { Shape, Transform } from "@tenon/contracts";
import { badArgument, callable, noOptions, shown } from "@tenon/guards";
import { chain } from "./chain.js";
import { checkTransform } from "./internal/checkTransform.js";
import { masked } from "./masked.js";

/**
 * A transform for each kind of parameters: `partition({ matrices: muon(), others: adamw() }, (path,
 * shape) => (shape.length === 2 ? "matrices" : "others"))`.
 *
 * optax' `partition`, PyTorch's parameter groups, Keras' `MultiOptimizer`. `scale(0)` freezes a
 * kind.
 *
 * @param kind the name of a parameter's transform, by path and shape
 * @throws RangeError if there is no transform of that name
 */
export function partition<K extends string>(
  transforms: Readonly<Record<K, Transform>>,
  kind: (path: string, shape: Shape) => K,
): Transform {
  noOptions("partition", arguments[2]);
  if (typeof transforms !== "object" || transforms === null)
    throw badArgument("partition", "transforms by name", shown(transforms));
  const entries = Object.entries<Transform>(transforms);
  for (const [, transform] of entries) checkTransform("partition", transform);
  callable("partition", "kind", kind);
  const kindOf = (path: string, shape: Shape): string => {
    const name = kind(path, shape);
    if (!Object.hasOwn(transforms, name))
      throw badArgument(
        "partition",
        `a kind among ${entries.map(([name]) => name).join(", ")} for "${path}"`,
        shown(name),
      );
    return name;
  };
  const parts = entries.map(([name, transform]) =>
    masked(transform, (path, shape) => kindOf(path, shape) === name),
  );
  return { ...chain(...parts), name: "partition" };
}
