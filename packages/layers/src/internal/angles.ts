import { cos, pow, sin } from "@tenon/random";
import { concat, slice, tensor, type Tensor } from "@tenon/tensor";

/**
 * Sines and cosines of p · base^(−j / count) for place p and frequency j, each [places, count]; the
 * same bits on every machine.
 */
export function waves(
  places: number,
  count: number,
  base: number,
): { readonly sin: Tensor; readonly cos: Tensor } {
  const frequencies = Array.from({ length: count }, (_, j) => pow(base, -j / count));
  const table = (wave: (angle: number) => number): Tensor =>
    tensor(
      Float64Array.from({ length: places * count }, (_, i) =>
        wave(Math.floor(i / count) * frequencies[i % count]!),
      ),
      [places, count],
    );
  return { sin: table(sin), cos: table(cos) };
}

/**
 * Turns each pair of elements (j, j + d / 2) of place p by the angle p · base^(−2j / d), of a
 * tensor […, places, d] with d even.
 */
export function rotated(x: Tensor, base: number): Tensor {
  const [places, d] = x.shape.slice(-2) as [number, number];
  const before = x.shape.slice(0, -1);
  const start = before.map(() => 0);
  const [a, b] = [
    slice(x, [...start, 0], [...before, d / 2]),
    slice(x, [...start, d / 2], x.shape),
  ];
  const { sin, cos } = waves(places, d / 2, base);
  return concat([a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))], -1);
}
