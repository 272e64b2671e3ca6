import type { Transform } from "@tenon/contracts";
import { shown } from "@tenon/guards";

/** Throws a TypeError unless the value is a transform, such as what `adam()` gives. */
export function aTransform(name: string, value: Transform): void {
  const given = value as Partial<Transform> | null | undefined;
  if (typeof given?.update === "function" && typeof given.slots === "function") return;
  const fix = typeof value === "function" ? "; call it" : Array.isArray(value) ? "; give them one by one" : "";
  throw new TypeError(`${name}: expected a transform, such as adam(), got ${Array.isArray(value) ? "a list" : shown(value)}${fix}`);
}
