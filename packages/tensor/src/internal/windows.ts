import { badArgument, shown } from "@tenon/guards";
import type { Padding, Pair } from "../ops/conv2d.js";
import type { Conv2dAttrs } from "./convolution.js";

/** The numbers of rows and columns of windows: those of the output. */
export function windows(
  image: readonly [number, number],
  kernel: readonly [number, number],
  attrs: Pick<Conv2dAttrs, "strides" | "padding"> & Partial<Pick<Conv2dAttrs, "dilation">>,
): [number, number] {
  const { strides, padding, dilation = [1, 1] } = attrs ?? {};
  for (const [what, pair] of Object.entries({ image, kernel }))
    pairOf("windows", what, pair as Pair, 0);
  for (const [what, pair] of Object.entries({ strides, dilation }))
    pairOf("windows", what, pair as Pair);
  checkPadding("windows", padding);
  const count = (d: 0 | 1): number =>
    Math.floor(
      (image[d] + padding[d][0] + padding[d][1] - dilation[d] * (kernel[d] - 1) - 1) / strides[d],
    ) + 1;
  return [count(0), count(1)];
}

/**
 * The integers for rows and columns. Throws unless they are one integer or two of at least `least`.
 */
export function pairOf(name: string, what: string, pair: Pair, least = 1): [number, number] {
  // A copy, since `every` skips the holes of [1, ].
  const two: readonly unknown[] = Array.isArray(pair) ? [...pair] : [pair, pair];
  if (two.length !== 2 || !two.every((n) => Number.isInteger(n) && (n as number) >= least))
    throw badArgument(
      name,
      `${what} of integers ≥ ${least}`,
      shown(pair),
      "give one, or [rows, columns]",
    );
  return [two[0], two[1]] as [number, number];
}

/**
 * Throws unless it says how much padding there is: "valid", "same", one integer, [rows, columns] or
 * [[top, bottom], [left, right]].
 */
export function checkPadding(name: string, padding: Padding): void {
  const width = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0;
  const side = (given: unknown): boolean =>
    width(given) || (Array.isArray(given) && given.length === 2 && [...given].every(width));
  if (
    padding === "valid" ||
    padding === "same" ||
    width(padding) ||
    (Array.isArray(padding) && padding.length === 2 && [...padding].every(side))
  )
    return;
  throw badArgument(
    name,
    'padding "valid", "same", or integers ≥ 0',
    shown(padding),
    "give one, [rows, columns], or [[top, bottom], [left, right]]",
  );
}

/** [[top, bottom], [left, right]] */
export function paddingOf(
  name: string,
  padding: Padding,
  image: readonly [number, number],
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilation: readonly [number, number],
): [[number, number], [number, number]] {
  checkPadding(name, padding);
  const side = (d: 0 | 1): [number, number] => {
    if (padding === "valid") return [0, 0];
    if (padding === "same") {
      const total = Math.max(
        0,
        (Math.ceil(image[d] / strides[d]) - 1) * strides[d] +
          dilation[d] * (kernel[d] - 1) +
          1 -
          image[d],
      );
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    }
    const given = typeof padding === "number" ? padding : padding[d];
    return typeof given === "number" ? [given, given] : [given[0], given[1]];
  };
  return [side(0), side(1)];
}
