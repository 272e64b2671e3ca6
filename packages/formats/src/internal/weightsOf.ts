import type { ByPath, NDArray } from "@tenon/contracts";
import { badArgument, isTyped, shown } from "@tenon/guards";
import { show } from "./header.js";
import type { Container, OwnArray, OwnLayer } from "./ownLayers.js";

/** A model's parameters and running statistics, by path. */
export interface ModelWeights {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
}

/** Every array of the layers, as `of` gives it. */
export function weightsOf(
  layers: readonly OwnLayer[],
  of: (layer: OwnLayer, array: OwnArray, index: number) => NDArray,
): ModelWeights {
  const params: Record<string, NDArray> = {};
  const stats: Record<string, NDArray> = {};
  layers.forEach((layer, i) => {
    for (const array of layer.arrays)
      (array.isStat ? stats : params)[array.path] = of(layer, array, i);
  });
  return { params, stats };
}

/** Throws unless the value is arrays by name. */
export function checkArrays(who: string, value: ByPath<NDArray>): void {
  const isArray = (array: Partial<NDArray> | null): boolean =>
    Array.isArray(array?.shape) && isTyped(array.data);
  const all = typeof value === "object" && value !== null ? Object.values(value) : [];
  if (all.length === 0 || !all.every(isArray))
    throw badArgument(who, "arrays { shape, dtype, data } by name", shown(value));
}

/** What a layer is called inside a container of this name; nothing where that is not known. */
export type Inside = (layer: OwnLayer, container: Container, name: string) => string | undefined;

/** The names of layers, and of those that are parts of a container which has a name. */
export function namesOfParts(
  names: Readonly<Record<string, string>>,
  layers: readonly OwnLayer[],
  inside: Inside,
): Readonly<Record<string, string>> {
  if (typeof names !== "object" || names === null) return names; // checkNames refuses them
  const found: Record<string, string> = { ...names };
  for (const layer of layers)
    for (const container of layer.parents) {
      const name = names[container.path];
      const inner = typeof name === "string" ? inside(layer, container, name) : undefined;
      if (inner === undefined) continue;
      delete found[container.path];
      found[layer.path] = names[layer.path] ?? inner; // the innermost container's name wins
    }
  return found;
}

/** Throws unless the names are texts, one for each layer. */
export function checkNames(
  who: string,
  names: Readonly<Record<string, string>>,
  layers: readonly OwnLayer[],
): void {
  if (typeof names !== "object" || names === null)
    throw badArgument(who, "names as their layers' names by ours", shown(names));
  const paths = layers.map(({ path }) => path);
  const missing = paths.filter((path) => typeof names[path] !== "string");
  const unknown = Object.keys(names).filter((path) => !paths.includes(path));
  if (missing.length + unknown.length > 0)
    throw badArgument(
      who,
      `names of the layers ${paths.join(", ")}`,
      [
        ...missing.map((path) => `none of ${show(path)}`),
        ...unknown.map((path) => `one of ${show(path)}`),
      ].join(", "),
    );
}
