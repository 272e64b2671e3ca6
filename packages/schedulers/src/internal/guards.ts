import { badArgument, isFiniteNumber, shown } from "@tenon/guards";

export { finite, notNegative, oneOf, positive } from "@tenon/guards";

/** Throws unless these are finite steps, none below 0 and none before its predecessor. */
export function rising(name: string, boundaries: unknown): asserts boundaries is readonly number[] {
  const before = (i: number): number => (i === 0 ? 0 : (boundaries as number[])[i - 1]);
  if (
    !Array.isArray(boundaries) ||
    !boundaries.every((boundary, i) => isFiniteNumber(boundary) && boundary >= before(i))
  )
    throw badArgument(
      name,
      "boundaries that are finite, ≥ 0 and in rising order",
      shown(boundaries),
    );
}
