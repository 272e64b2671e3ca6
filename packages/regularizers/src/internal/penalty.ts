import type { Arithmetic, ByPath, Penalty } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkOnly, kernels, type OnlyOptions } from "./only.js";

/** The sum of the penalties of the selected parameters. */
export function penalty(
  name: string,
  { only = kernels }: OnlyOptions,
  cost: <T extends Arithmetic<T>>(w: T) => T,
): Penalty {
  checkOnly(name, only);
  return {
    name,
    value<T extends Arithmetic<T>>(params: ByPath<T>): T {
      const [first, ...rest] = Object.entries(params)
        .filter(([path, { shape }]) => only(path, shape))
        .map(([, w]) => cost(w));
      if (!first)
        throw badArgument(
          name,
          "at least one parameter to penalize",
          `none among ${
            Object.keys(params)
              .map((path) => `"${path}"`)
              .join(", ") || "no parameters"
          }`,
          'say which with the option "only"',
        );
      return rest.reduce((sum, part) => sum.add(part), first);
    },
  };
}
