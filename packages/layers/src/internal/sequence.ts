import type { Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Pair, Tensor } from "@tenon/tensor";
import { checkCount, inNameOf, show } from "./check.js";
import { sidesOf } from "./frame.js";

// Layers along one direction are those of images, on an image of one row.

/** Throws unless the input is one sequence. */
export function checkSequence(name: string, shape: Shape): void {
  if (shape.length !== 2)
    throw badArgument(
      name,
      "a sequence [length, channels]",
      show(shape),
      "a reshape layer before it may help",
    );
}

/**
 * An operation on images, done with sequences [n, length, channels] as images of one row. Its
 * errors carry `name`.
 */
export function onRow(name: string, x: Tensor, f: (image: Tensor) => Tensor): Tensor {
  const [n, length, channels] = x.shape as [number, number, number];
  const y = inNameOf(name, () => f(x.reshape([n, 1, length, channels])));
  return y.reshape([n, y.shape[2]!, y.shape[3]!]);
}

/** Of a window, in one direction. */
export interface RowOptions {
  readonly strides?: number;
  readonly padding?: Padding1d;
  readonly dilation?: number;
}

/**
 * `"valid"`: none. `"same"`: out = ⌈in / stride⌉, the odd place at the end (Keras). Or zeros on
 * each side: one number, or [before, after].
 */
export type Padding1d = "valid" | "same" | number | readonly [number, number];

interface ImageOptions {
  readonly strides?: Pair;
  readonly padding?:
    "valid" | "same" | readonly [readonly [number, number], readonly [number, number]];
  readonly dilation?: Pair;
}

/** The same options for an image of one row. Throws unless they are right for a sequence. */
export function alongRow(name: string, { strides, padding, dilation }: RowOptions): ImageOptions {
  for (const [what, n] of Object.entries({ strides, dilation }))
    if (n !== undefined) checkCount(name, what, n);
  return {
    ...(strides !== undefined && { strides: [1, strides] }),
    ...(dilation !== undefined && { dilation: [1, dilation] }),
    ...(padding !== undefined && {
      padding:
        typeof padding === "string" ? padding : [[0, 0], sidesOf(name, "padding", padding, 0)],
    }),
  };
}
