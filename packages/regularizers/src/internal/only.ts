import type { Shape } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";

/** Selects parameters by path and shape. */
export interface OnlyOptions {
  /**
   * Which parameters, by path and shape: `(path) => path.startsWith("dense/")`; `() => true` for
   * all.
   * @defaultValue those with two axes or more: kernels, but no biases and no scales or shifts of a
   *   normalization
   */
  readonly only?: (path: string, shape: Shape) => boolean;
}

export const kernels = (_: string, shape: Shape): boolean => shape.length > 1;

/** Throws unless `only` is a function and `axes`, where given, are integers. */
export function checkOnly(name: string, only: unknown, axes?: unknown): void {
  callable(name, "only", only);
  if (axes !== undefined && !(Array.isArray(axes) && [...axes].every(Number.isInteger)))
    throw badArgument(name, "axes as a list of integers", shown(axes));
}
