/** A value, or a promise of it: what a program of either kind gives. */
export type Later<V> = V | Promise<V>;

export function isLater<V>(value: Later<V>): value is Promise<V> {
  return typeof (value as Partial<Promise<V>> | undefined)?.then === "function";
}

/**
 * `next` of the value: at once where it is there, so that a synchronous engine needs no promise.
 */
export function after<V, W>(value: Later<V>, next: (value: V) => Later<W>): Later<W> {
  return isLater(value) ? value.then(next) : next(value);
}

/** Handles the error of a value that is awaited later, so that it is not unhandled until then. */
export function handled(value: Later<unknown>, handle: () => void = () => {}): void {
  if (isLater(value)) value.catch(handle);
}
