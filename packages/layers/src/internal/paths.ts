import type { Layer } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";

/** A path for each layer: its type and which of that type it is, counted from 1. */
export function pathsOf(name: string, layers: readonly Layer<Tensor>[]): string[] {
  const counts = new Map<string, number>();
  const paths = layers.map(({ type }) => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return `${type}${count}`;
  });
  // Names of types that end in digits could be equal: the eleventh "a" and the first "a1".
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined)
    throw badArgument(
      name,
      "types whose numbered names differ",
      `"${twice}" twice`,
      "give one of the layers another type",
    );
  return paths;
}
