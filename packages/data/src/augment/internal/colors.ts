import type { Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/** A 3 × 3 matrix, by rows: what makes red, green and blue of them. */
export type ColorMatrix = readonly number[];

/** How much red, green and blue count in the brightness that is seen (ITU-R BT.601). */
export const luma = [0.299, 0.587, 0.114] as const;

/** Replaces the color of each pixel by M · color. Throws unless there are three channels. */
export function recolor(
  name: string,
  image: Float32Array,
  [, , channels = 1]: Shape,
  m: ColorMatrix,
): void {
  if (channels !== 3)
    throw badArgument(name, "images of three channels, red, green and blue", channels);
  for (let i = 0; i < image.length; i += 3) {
    const [r, g, b] = [image[i], image[i + 1], image[i + 2]];
    image[i] = m[0] * r + m[1] * g + m[2] * b;
    image[i + 1] = m[3] * r + m[4] * g + m[5] * b;
    image[i + 2] = m[6] * r + m[7] * g + m[8] * b;
  }
}

/** f · color + (1 − f) · grey of its brightness. */
export const saturated = (f: number): ColorMatrix =>
  [0, 1, 2].flatMap((to) => luma.map((part, from) => (1 - f) * part + (to === from ? f : 0)));
