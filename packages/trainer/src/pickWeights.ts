import type { ByPath, NDArray } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { checkRun } from "./internal/checkRun.js";
import type { Weights } from "./predictor.js";

/**
 * A part of a model's weights under other paths, for `initial` of `fit`: the layers that two models
 * have in common.
 *
 * `names` says which path there becomes which one here; a path that ends in `/` stands for all that
 * begin with it. `pickWeights(end, { "dense1/": "sequential1/dense1/" })`. Each must stand for
 * something. PyTorch: `load_state_dict(…, strict=False)` of renamed keys.
 *
 * @throws where a name stands for nothing, or two arrays would have one path
 */
export function pickWeights(
  weights: Weights,
  names: Readonly<Record<string, string>>,
): Required<Weights> {
  noOptions("pickWeights", arguments[2]);
  const { params, stats = {} } = weights ?? {};
  checkRun("pickWeights", { params, stats });
  if (
    typeof names !== "object" ||
    names === null ||
    Object.values(names).some((name) => typeof name !== "string")
  )
    throw badArgument("pickWeights", "names as new paths by old ones", shown(names));
  const entries = Object.entries(names);
  const all = [...Object.keys(params), ...Object.keys(stats)];
  const unused = entries.find(([from]) => !all.some((path) => isOf(path, from)));
  if (unused)
    throw badArgument(
      "pickWeights",
      `paths among ${all.join(", ")}`,
      `"${unused[0]}"`,
      `a layer's path ends in /, such as "${all[0]?.split("/")[0]}/"`,
    );
  const picked = (arrays: ByPath<NDArray>): ByPath<NDArray> => {
    const result: Record<string, NDArray> = {};
    for (const [path, array] of Object.entries(arrays))
      for (const [from, to] of entries) {
        if (!isOf(path, from)) continue;
        const name = from.endsWith("/") || from === "" ? to + path.slice(from.length) : to;
        if (Object.hasOwn(result, name))
          throw badArgument("pickWeights", "a new path for each array", `"${name}" twice`);
        result[name] = array;
      }
    return result;
  };
  return { params: picked(params), stats: picked(stats) };
}

/** Whether a name stands for a path: it is the path, or what it begins with. */
const isOf = (path: string, name: string): boolean =>
  name === "" || name.endsWith("/") ? path.startsWith(name) : path === name;
