import type { ConvSpec } from "@tenon/plan";
import { type Conv2dAttrs, windows } from "@tenon/tensor";

/** Pseudorandom values in [-1, 1), the same for the same seed. */
export function randomValues(count: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1;
  return Float32Array.from(
    { length: count },
    () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31,
  );
}

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const outputShape = ({ x, w, attrs }: ConvSpec): number[] => [
  x[0]!,
  ...windows(attrs.image, attrs.kernel, attrs),
  w[3]!,
];

/** Visits every product of a convolution, as its definition has it: positions in x, w and y. */
export function visit(
  {
    x: [n, h, width, c],
    w: [kh, kw, cg, o],
    attrs: { strides, padding, dilation, groups },
  }: ConvSpec,
  [, oh, ow]: readonly number[],
  product: (x: number, w: number, y: number) => void,
): void {
  const og = o! / groups;
  for (let b = 0; b < n!; b++)
    for (let i = 0; i < oh!; i++)
      for (let j = 0; j < ow!; j++)
        for (let ki = 0; ki < kh!; ki++)
          for (let kj = 0; kj < kw!; kj++) {
            const row = i * strides[0] + ki * dilation[0] - padding[0][0];
            const column = j * strides[1] + kj * dilation[1] - padding[1][0];
            if (row < 0 || row >= h! || column < 0 || column >= width!) continue;
            for (let q = 0; q < c!; q++)
              for (let p = 0; p < og; p++) {
                const out = Math.floor(q / cg!) * og + p;
                product(
                  ((b * h! + row) * width! + column) * c! + q,
                  ((ki * kw! + kj) * cg! + (q % cg!)) * o! + out,
                  ((b * oh! + i) * ow! + j) * o! + out,
                );
              }
          }
}

/**
 * Rounding errors of a sum walk at random: the bound is 4·√terms units in the last place of the sum
 * of absolute values.
 */
export function close(
  what: string,
  spec: ConvSpec,
  got: Float32Array,
  terms: (add: (index: number, term: number) => void) => void,
): void {
  const sums = new Float64Array(got.length);
  const sizes = new Float64Array(got.length);
  const counts = new Float64Array(got.length);
  terms((index, term) => {
    sums[index]! += term;
    sizes[index]! += Math.abs(term);
    counts[index]!++;
  });
  got.forEach((value, i) => {
    if (!(Math.abs(value - sums[i]!) <= 4 * Math.sqrt(counts[i]! + 1) * 2 ** -24 * sizes[i]!))
      throw new Error(`${what} ${JSON.stringify(spec)}: expected ${sums[i]} at ${i}, got ${value}`);
  });
}

export interface Sizes {
  n?: number;
  h: number;
  w: number;
  c: number;
  o: number;
  kernel: [number, number];
  strides?: [number, number];
  padding?: [[number, number], [number, number]];
  dilation?: [number, number];
  groups?: number;
}

/** Channels and outputs are those of one group. */
export function specOf({
  n = 2,
  h,
  w,
  c,
  o,
  kernel,
  strides = [1, 1],
  padding = [
    [0, 0],
    [0, 0],
  ],
  dilation = [1, 1],
  groups = 1,
}: Sizes): ConvSpec {
  const attrs: Conv2dAttrs = { strides, padding, dilation, groups, image: [h, w], kernel };
  return { x: [n, h, w, c * groups], w: [...kernel, c, o * groups], attrs };
}
