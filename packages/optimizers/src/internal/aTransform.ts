import { badArgument, made, shown } from "@tenon/guards";

/** Throws a RangeError unless the value is a transform, such as what `adam()` gives. */
export function aTransform(name: string, value: unknown): void {
  made(name, "a transform", value, "update slots", "adam()", "give them one by one");
}

/** Throws a RangeError unless the value is an object of what has a shape: arrays, tensors. */
export function byPath(name: string, what: string, value: unknown): void {
  const wrong =
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.values(value).find(
          (one: { shape?: unknown } | null | undefined) => !Array.isArray(one?.shape),
        );
  if (wrong !== undefined || value === undefined)
    throw badArgument(name, `${what} by path, each with its shape`, shown(wrong));
}
