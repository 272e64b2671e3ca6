import type {
  Arithmetic,
  ByPath,
  Clock,
  Flow,
  Schedule,
  Shape,
  SlotSpec,
  Transform,
} from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { mapPaths } from "./mapPaths.js";

/** What a rule sees of one parameter: its gradient `g`, its value `w`, and what it remembers. */
export type Values<K extends string, T> = { readonly [N in K | "g" | "w"]: T };
/** What a rule makes of them: what becomes of the gradient, and what it remembers next. */
export type Results<K extends string, T> = { readonly [N in K | "g"]: T };

/** An equation: of one parameter's arrays, and of the numbers that depend on the step. */
export type Rule<K extends string, N extends string> = <T extends Arithmetic<T>>(
  values: Values<K, T>,
  now: { readonly [M in N]: T },
  path: string,
) => Results<K, T>;

/**
 * A transform that treats each parameter on its own, alike.
 *
 * @param slots what it remembers of each parameter, by name, and how that starts; undefined is not
 *   kept, and the rule must not touch it
 * @param moments numbers that depend on the step, by name
 */
export function perParameter<K extends string, N extends string>(
  name: string,
  slots: Readonly<Record<K, number | "parameter" | undefined>>,
  moments: Readonly<Record<N, Schedule | number>>,
  rule: Rule<K, N>,
): Transform {
  function known<V>(value: V | undefined, what: string, path: string): V {
    if (value === undefined)
      throw badArgument(
        name,
        `${what} of "${path}"`,
        "none",
        "initSlots makes slots, and each gradient belongs to a parameter",
      );
    return value;
  }
  const names = (Object.keys(slots) as K[]).filter((slot) => slots[slot] !== undefined);
  return {
    name,
    slots: (shapes: ByPath<Shape>) =>
      Object.fromEntries(
        names.map((slot) => [
          `${name}/${slot}`,
          mapPaths(shapes, (shape): SlotSpec => ({ shape, start: slots[slot]! })),
        ]),
      ),
    update<T extends Arithmetic<T>>(
      { updates, params, slots: before }: Flow<T>,
      clock: Clock<T>,
    ): Flow<T> {
      const now = mapPaths(moments, (of: Schedule | number) => clock.value(of)) as {
        readonly [M in N]: T;
      };
      const results = mapPaths(updates, (g, path) => {
        const remembered = Object.fromEntries(
          names.map((slot) => [
            slot,
            known(before[`${name}/${slot}`]?.[path], `the slot "${name}/${slot}"`, path),
          ]),
        ) as { readonly [M in K]: T };
        return rule(
          { ...remembered, g, w: known(params[path], "the parameter", path) } as Values<K, T>,
          now,
          path,
        );
      });
      const after = Object.fromEntries(
        names.map((slot) => [`${name}/${slot}`, mapPaths(results, (result) => result[slot])]),
      );
      return { updates: mapPaths(results, ({ g }) => g), params, slots: { ...before, ...after } };
    },
  };
}
