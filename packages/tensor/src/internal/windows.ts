import type { Conv2dAttrs, Padding, Pair } from "../ops/conv2d.js";

/** [rows, columns] of the output. */
export function windows(image: readonly [number, number], kernel: readonly [number, number], { strides, padding, dilation }: Pick<Conv2dAttrs, "strides" | "padding" | "dilation">): [number, number] {
  const count = (d: 0 | 1): number => Math.floor((image[d] + padding[d][0] + padding[d][1] - dilation[d] * (kernel[d] - 1) - 1) / strides[d]) + 1;
  return [count(0), count(1)];
}

/** Both directions' numbers. Throws unless they are integers of at least `least`. */
export function pairOf(name: string, what: string, pair: Pair, least = 1): [number, number] {
  const two: [number, number] = typeof pair === "number" ? [pair, pair] : [pair[0], pair[1]];
  if (!two.every((n) => Number.isInteger(n) && n >= least)) throw new Error(`${name}: expected ${what} of integers ≥ ${least}, got ${JSON.stringify(pair)}`);
  return two;
}

/** [[top, bottom], [left, right]] */
export function paddingOf(name: string, padding: Padding, image: readonly [number, number], kernel: readonly [number, number], strides: readonly [number, number], dilation: readonly [number, number]): [[number, number], [number, number]] {
  const side = (d: 0 | 1): [number, number] => {
    if (padding === "valid") return [0, 0];
    if (padding === "same") {
      const total = Math.max(0, (Math.ceil(image[d] / strides[d]) - 1) * strides[d] + dilation[d] * (kernel[d] - 1) + 1 - image[d]);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    }
    const given = typeof padding === "number" ? padding : (padding as readonly (number | readonly [number, number])[] | string)[d];
    const [low, high] = typeof given === "number" ? [given, given] : Array.isArray(given) ? (given as [number, number]) : [NaN, NaN];
    if (![low, high].every((n) => Number.isInteger(n) && n! >= 0)) throw new Error(`${name}: expected padding "valid", "same", or integers ≥ 0, got ${JSON.stringify(padding)}`);
    return [low!, high!];
  };
  return [side(0), side(1)];
}
