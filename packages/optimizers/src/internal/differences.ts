import type { ByPath, Shape } from "@tenon/contracts";
import { sameShape, sizeOf } from "@tenon/guards";
import { valuesOf, type SavedValues } from "./saved.js";

interface Shaped {
  readonly shape: Shape;
}
interface Saved extends Shaped {
  readonly data: SavedValues;
}

/**
 * How a state differs from the one that is expected: what is missing, unexpected, or of another
 * shape. Empty if it fits.
 */
export function differences(
  wanted: ByPath<ByPath<Shaped>>,
  found: ByPath<ByPath<Saved>> | undefined,
): string[] {
  const expected = flat(wanted);
  const got = flat(found ?? {});
  const lines: string[] = [];
  for (const [name, { shape }] of expected) {
    const other = got.get(name);
    if (!other) lines.push(`missing: ${name} [${shape.join(", ")}]`);
    else if (!Array.isArray(other.shape) || !sameShape(other.shape, shape))
      lines.push(
        `shape: ${name} is [${Array.isArray(other.shape) ? other.shape.join(", ") : ""}], ` +
          `expected [${shape.join(", ")}]`,
      );
    else {
      const values = valuesOf(other.data);
      const count = sizeOf(shape);
      if (typeof values === "string")
        lines.push(`values: ${name} has ${values}, expected ${count} values`);
      else if (values.length !== count)
        lines.push(`values: ${name} has ${values.length}, expected ${count}`);
    }
  }
  for (const [name, other] of got)
    if (!expected.has(name))
      lines.push(
        `unexpected: ${name}${Array.isArray(other?.shape) ? ` [${other.shape.join(", ")}]` : ""}`,
      );
  return lines;
}

function flat<V>(byName: ByPath<ByPath<V>>): Map<string, V> {
  return new Map(
    (typeof byName === "object" ? Object.entries(byName) : []).flatMap(([slot, byPath]) =>
      (typeof byPath === "object" ? Object.entries(byPath ?? {}) : []).map(
        ([path, value]): [string, V] => [`${slot} of "${path}"`, value],
      ),
    ),
  );
}
