import type { Shape } from "@tenon/contracts";

/** Which parameters are meant, by path and shape. */
export interface OnlyOptions {
  /**
   * Which parameters, by path and shape: `(path) => path.startsWith("dense/")`; `() => true` for all.
   * @defaultValue those with two axes or more: kernels, but no biases and no scales or shifts of a normalization
   */
  readonly only?: (path: string, shape: Shape) => boolean;
}

export const kernels = (_: string, shape: Shape): boolean => shape.length > 1;
