import type { Transform } from "@tenon/contracts";
import { badArgument, made, shown } from "@tenon/guards";

/** Throws unless the value is a transform, such as `adam()` returns. */
export function checkTransform(name: string, value: unknown, what = "a transform"): void {
  made(name, what, value, "update slots", "adam()", "give them one by one");
}

/**
 * Throws unless the value is a transform that may be within one of this name: another of that name
 * would have the same slots.
 */
export function checkInner(name: string, transform: Transform): void {
  checkTransform(name, transform);
  if (Object.keys(transform.slots({})).some((slot) => slot.startsWith(`${name}/`)))
    throw badArgument(name, `a transform without ${name}`, "one with it", `leave one ${name} out`);
}

/** Throws unless the value is an object of values with shapes, such as arrays or tensors. */
export function checkByPath(name: string, what: string, value: unknown): void {
  const wrong =
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.values(value).find(
          (array: { shape?: unknown } | null | undefined) => !Array.isArray(array?.shape),
        );
  if (wrong !== undefined || value === undefined)
    throw badArgument(name, `${what} by path, each with its shape`, shown(wrong));
}
