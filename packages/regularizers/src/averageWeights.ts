import type { ByPath, NDArray, Shape } from "@tenon/contracts";
import { badArgument, isTyped, noOptions, shown } from "@tenon/guards";

/**
 * The plain average of the parameters of several models of one shape, a model soup: Σw / n.
 *
 * Averages well what was trained from one start; networks trained from different starts have to be
 * averaged by their predictions, as `average` of `@tenon/layers` does.
 *
 * @returns Float32Arrays, or Float64Arrays where all are; sums are float64
 * @throws if there is no model, or their paths, shapes or kinds differ (showing how)
 *
 * Wortsman et al. (2022), Model soups, arXiv:2203.05482
 */
export function averageWeights(models: readonly ByPath<NDArray>[]): Record<string, NDArray> {
  noOptions("averageWeights", arguments[1]);
  if (!Array.isArray(models))
    throw badArgument(
      "averageWeights",
      "the parameters of models as a list",
      shown(models),
      "put them in [ ]",
    );
  for (const model of models as readonly unknown[]) {
    const wrong =
      typeof model !== "object" || model === null
        ? [model]
        : Object.values(model).filter(
            (array: Partial<NDArray> | null | undefined) =>
              !Array.isArray(array?.shape) || !isTyped(array.data),
          );
    if (wrong.length > 0)
      throw badArgument(
        "averageWeights",
        "each model as arrays { shape, dtype, data } by path",
        shown(wrong[0]),
      );
  }
  const [first, ...rest] = models as readonly ByPath<NDArray>[];
  if (!first) throw badArgument("averageWeights", "at least one model", "none");
  rest.forEach((model, i) => {
    const wrong = differences(first, model);
    if (wrong.length > 0)
      throw badArgument(
        "averageWeights",
        "models of the same parameters",
        `a model ${i + 1} that differs from model 0:\n  ${wrong.join("\n  ")}`,
      );
  });
  return Object.fromEntries(
    Object.entries(first).map(([path, { shape, dtype, data }]) => {
      if (dtype !== "float32")
        throw badArgument("averageWeights", "float32 parameters", `${dtype} in "${path}"`);
      const sums = new Float64Array(data.length);
      for (const model of models)
        for (let i = 0; i < sums.length; i++) sums[i]! += model[path]!.data[i]!;
      for (let i = 0; i < sums.length; i++) sums[i]! /= models.length;
      const wide = models.every(
        (model) => model[path]!.data[Symbol.toStringTag] === "Float64Array",
      );
      return [path, { shape, dtype, data: wide ? sums : Float32Array.from(sums) }];
    }),
  );
}

function differences(a: ByPath<NDArray>, b: ByPath<NDArray>): string[] {
  const show = (shape: Shape): string => `[${shape.join(", ")}]`;
  return [
    ...Object.keys(a)
      .filter((path) => !Object.hasOwn(b, path))
      .map((path) => `missing: "${path}"`),
    ...Object.keys(b)
      .filter((path) => !Object.hasOwn(a, path))
      .map((path) => `unexpected: "${path}"`),
    ...Object.entries(a).flatMap(([path, { shape, dtype, data }]) => {
      const other = Object.hasOwn(b, path) ? b[path] : undefined;
      if (
        !other ||
        (show(other.shape) === show(shape) &&
          other.dtype === dtype &&
          other.data.length === data.length)
      )
        return [];
      return [
        `"${path}" is ${other.dtype} ${show(other.shape)} of ${other.data.length} values, ` +
          `expected ${dtype} ${show(shape)} of ${data.length}`,
      ];
    }),
  ];
}
