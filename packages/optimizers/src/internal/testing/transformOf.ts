import type { Arithmetic, ByPath, Clock, Flow, SlotSpec, Transform } from "@tenon/contracts";

/**
 * For tests: a transform with these slots of each parameter, from a rule that is given all of them.
 * The slot `p` starts as its parameter.
 */
export function transformOf(
  slots: readonly string[],
  rule: <T extends Arithmetic<T>>(
    values: Readonly<Record<string, T>>,
    clock: Clock<T>,
  ) => Readonly<Record<string, T>>,
): Transform {
  return {
    name: "rule",
    slots: (shapes) =>
      Object.fromEntries(
        slots.map((slot): [string, ByPath<SlotSpec>] => [
          `rule/${slot}`,
          Object.fromEntries(
            Object.entries(shapes).map(([path, shape]) => [
              path,
              { shape, start: slot === "p" ? "parameter" : 0.5 },
            ]),
          ),
        ]),
      ),
    update<T extends Arithmetic<T>>(
      { updates, params, slots: before }: Flow<T>,
      clock: Clock<T>,
    ): Flow<T> {
      const after: Record<string, Record<string, T>> = Object.fromEntries(
        Object.keys(before).map((slot) => [slot, {}]),
      );
      const next: Record<string, T> = {};
      for (const [path, g] of Object.entries(updates)) {
        const result = rule<T>(
          {
            g,
            w: params[path]!,
            ...Object.fromEntries(slots.map((slot) => [slot, before[`rule/${slot}`]![path]!])),
          },
          clock,
        );
        for (const slot of slots) after[`rule/${slot}`]![path] = result[slot]!;
        next[path] = result["g"]!;
      }
      return { updates: next, params, slots: after };
    },
  };
}
