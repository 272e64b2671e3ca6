/** What tells objects that are neither lists nor plain apart, where they have it. */
interface Kind {
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly length?: number;
}

/**
 * A value as an error shows it: strings in quotes, so that "2" is not taken for 2; lists and plain
 * objects with their first 8 entries; typed arrays and tensors by their kind and size.
 */
export function shown(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `${value.name && value.name + ", "}a function`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || !value) return String(value);
  const { shape, dtype = "array", length, constructor } = value as Kind;
  const isList = constructor === Array;
  if (shape) return `${dtype} ${shown(shape)}`;
  if (!isList && constructor !== Object && constructor)
    return constructor.name + (length! >= 0 ? `(${length})` : "");
  if (depth > 2) return "…";
  const keys = Object.keys(value);
  const entries = keys
    .slice(0, 8)
    .map((key) => (isList ? "" : key + ": ") + shown(value[key as never], depth + 1));
  if (keys[8]) entries.push(`… of ${keys.length}`);
  return isList ? `[${entries.join(", ")}]` : keys[0] ? `{ ${entries.join(", ")} }` : "{}";
}
