import type { Elements, NDArray } from "@tenon/contracts";

/** Evaluates an elementwise operation: one function of its inputs' elements at each position. */
export function eachElement(
  inputs: readonly NDArray[],
  out: Elements,
  of: (a: number, b: number, c: number) => number,
): void {
  const [a, b = a, c = a] = inputs.map(({ data }) => data);
  for (let i = 0; i < out.length; i++) out[i] = of(a![i]!, b![i]!, c![i]!);
}

/** Evaluates an operation that gives the elements of its first input another shape or dtype. */
export function copied(_: unknown, [x]: readonly NDArray[], out: Elements): void {
  out.set(x!.data);
}
