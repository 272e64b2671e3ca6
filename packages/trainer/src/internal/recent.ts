/** Values by key, made when they are asked for; no more than some are kept. */
export interface Recent<K, V> {
  /** The value of a key; `make` makes it if it was never made or has been dropped. */
  get(key: K, make: () => V): V;
  /** Those that are kept. */
  values(): Iterable<V>;
}

/** So many compiled programs are kept for one model: each holds its memory and its code. */
export const keptPrograms = 8;

/** Keeps the values that were asked for last, `most` of them. */
export function recent<K, V>(most: number): Recent<K, V> {
  // A Map keeps the order in which keys were set: the first is the one used longest ago.
  const kept = new Map<K, V>();
  return {
    get(key, make) {
      const found = kept.has(key);
      const value = found ? kept.get(key)! : make();
      kept.delete(key);
      if (!found && kept.size >= most) kept.delete(kept.keys().next().value!);
      kept.set(key, value);
      return value;
    },
    values: () => kept.values(),
  };
}
