import type { ByPath, Shape } from "@tenon/contracts";
import { numbersOf, type SavedNumbers } from "./saved.js";
import { same, sizeOf } from "./tape.js";

interface Shaped {
  readonly shape: Shape;
}
interface Saved extends Shaped {
  readonly data: SavedNumbers;
}

/**
 * How a state differs from the one that is wanted: what is missing, unexpected, or of another
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
    else if (!Array.isArray(other.shape) || !same(other.shape, shape))
      lines.push(
        `shape: ${name} is [${Array.isArray(other.shape) ? other.shape.join(", ") : ""}], ` +
          `expected [${shape.join(", ")}]`,
      );
    else {
      const numbers = numbersOf(other.data);
      const count = sizeOf(shape);
      if (typeof numbers === "string")
        lines.push(`numbers: ${name} has ${numbers}, expected ${count} numbers`);
      else if (numbers.length !== count)
        lines.push(`numbers: ${name} has ${numbers.length}, expected ${count}`);
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
