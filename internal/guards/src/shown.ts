/** How many entries of a list or an object are shown. */
const most = 8;

/**
 * A value as an error shows it: strings in quotes, so that "2" is not taken for 2; lists and plain
 * objects with what is in them; arrays of numbers and tensors by their kind and size.
 */
export function shown(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function")
    return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  const listed = (all: readonly unknown[], show: (item: never) => string): string =>
    [
      ...all.slice(0, most).map(show as (item: unknown) => string),
      ...(all.length > most ? [`… ${all.length} in all`] : []),
    ].join(", ");
  if (Array.isArray(value))
    return depth > 2 ? "[…]" : `[${listed(value, (item) => shown(item, depth + 1))}]`;
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
    : `{ ${listed(entries, ([key, item]: [string, unknown]) => `${key}: ${shown(item, depth + 1)}`)} }`;
}

/** The name of its constructor. */
function kindOf(value: object): string {
  const { constructor } = value as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" && constructor.name !== ""
    ? constructor.name
    : "Object";
}
