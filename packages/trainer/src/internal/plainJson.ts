// JSON has no NaN, no infinity and no −0: it writes null, null and 0, and a run that comes back
// would decide otherwise.

const key = "tenon.number";
const special: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  "-Infinity": -Infinity,
  "-0": -0,
};

/** Plain data as JSON, in which each number comes back as it was. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    const name = typeof item === "number" ? (Object.is(item, -0) ? "-0" : String(item)) : "";
    return Object.hasOwn(special, name) ? { [key]: name } : item;
  });
}

/** What `toJson` wrote. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    const name =
      typeof item === "object" && item !== null
        ? (item as Record<string, unknown>)[key]
        : undefined;
    return typeof name === "string" && Object.hasOwn(special, name) ? special[name] : item;
  });
}
