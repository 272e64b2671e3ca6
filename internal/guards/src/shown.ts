/** How many entries of a list or an object are shown. */
const most = 8;

/**
 * A value as an error shows it: strings in quotes, so that "2" is not taken for 2; lists and plain
 * objects with their entries; typed arrays and tensors by their kind and size.
 */
export function shown(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function")
    return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  const listed = <E>(entries: readonly E[], show: (entry: E) => string): string =>
    entries.slice(0, most).map(show).join(", ") +
    (entries.length > most ? `, … ${entries.length} in all` : "");
  if (Array.isArray(value))
    return depth > 2 ? "[…]" : `[${listed(value, (entry) => shown(entry, depth + 1))}]`;
  if (ArrayBuffer.isView(value))
    return `${kindOf(value)}(${(value as Uint8Array).length ?? value.byteLength})`;
  const { shape, dtype } = value as { shape?: unknown; dtype?: unknown };
  if (Array.isArray(shape))
    return `${typeof dtype === "string" ? dtype : "an array of shape"} ${shown(shape)}`;
  const kind = kindOf(value);
  if (kind !== "Object") return `an object of kind ${kind}`;
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  return depth > 1
    ? "{…}"
    : `{ ${listed(entries, ([key, entry]) => `${key}: ${shown(entry, depth + 1)}`)} }`;
}

/** The name of a value's constructor. */
function kindOf(value: object): string {
  const { name } = (value.constructor ?? {}) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : "Object";
}
