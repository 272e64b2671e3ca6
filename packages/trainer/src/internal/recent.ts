/** Values by key; only the most recently used are kept. */
export interface Recent<K, V> {
  /** The value of a key; `make` makes it if there is none. */
  get(key: K, make: () => V): V;
  /** Those that are kept, the most recently used last. */
  values(): Iterable<V>;
}

/**
 * Keeps the `most` most recently used values.
 *
 * @param most by default as many as programs are kept of one model: each holds memory and code
 */
export function recent<K, V>(most = 8): Recent<K, V> {
  // A Map keeps the order in which keys were set: the first is the one used longest ago.
  const kept = new Map<K, V>();
  return {
    get(key, make) {
      const value = kept.get(key) ?? make();
      kept.delete(key);
      kept.set(key, value);
      if (kept.size > most) kept.delete(kept.keys().next().value!);
      return value;
    },
    values: () => kept.values(),
  };
}
