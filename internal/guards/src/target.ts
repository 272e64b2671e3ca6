/**
 * An update of a number may be computed as a target minus that number: then it also holds the
 * target.
 */
interface Update<T> {
  readonly target?: { readonly from: T; readonly to: T };
}

/**
 * to − from as an update, or an update equal to it, which holds both: rounded, from +
 * (to − from) may miss `to`.
 */
export function towards<T extends { sub(b: T): T }>(from: T, to: T, update: T = to.sub(from)): T {
  Reflect.defineProperty(update as object, "target", { value: { from, to }, configurable: true });
  return update;
}

/**
 * A value after an update: the target of the two if they have one, else their sum.
 */
export function moved<T extends { add(b: T): T }>(from: T, update: T): T {
  const { target } = update as Update<T>;
  return target?.from === from ? target.to : from.add(update);
}
