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

/**
 * The values of one parameter that a rule reads: its gradient `g`, the parameter `w`, its slots.
 */
export type Values<K extends string, T> = { readonly [N in K | "g" | "w"]: T };
/**
 * What a slot begins with: a number or a copy of its parameter, in the parameter's shape; or all of
 * the slot, of the parameter's shape. There is no slot where it is undefined.
 */
export type SlotStart = SlotSpec["start"] | ((shape: Shape) => SlotSpec) | undefined;
/** A slot of one number for each parameter. */
export const scalar = (start: number) => (): SlotSpec => ({ shape: [], start });

/** What a rule returns: the rewritten gradient, and the slots for the next step. */
export type Results<K extends string, T> = { readonly [N in K | "g"]: T };

/** The equations for one parameter, from its values and the scalars of the step. */
export type Rule<K extends string, N extends string> = <T extends Arithmetic<T>>(
  values: Values<K, T>,
  scalars: { readonly [M in N]: T },
  path: string,
) => Results<K, T>;

/**
 * A transform that applies the same rule to each parameter.
 *
 * @param slots the slots of each parameter, by name, with what they begin with; the rule must not
 *   use a slot where that is undefined
 * @param schedules scalars that depend on the step, by name
 */
export function perParameter<K extends string, N extends string>(
  name: string,
  slots: Readonly<Record<K, SlotStart>>,
  schedules: Readonly<Record<N, Schedule | number>>,
  rule: Rule<K, N>,
): Transform {
  function required<V>(value: V | undefined, what: string, path: string): V {
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
          mapPaths(shapes, (shape) => specOf(slots[slot]!, shape)),
        ]),
      ),
    update<T extends Arithmetic<T>>(
      { updates, params, slots: before }: Flow<T>,
      clock: Clock<T>,
    ): Flow<T> {
      const scalars = mapPaths(schedules, (schedule: Schedule | number) =>
        clock.value(schedule),
      ) as {
        readonly [M in N]: T;
      };
      const results = mapPaths(updates, (g, path) => {
        const current = Object.fromEntries(
          names.map((slot) => [
            slot,
            required(before[`${name}/${slot}`]?.[path], `the slot "${name}/${slot}"`, path),
          ]),
        ) as { readonly [M in K]: T };
        return rule(
          { ...current, g, w: required(params[path], "the parameter", path) } as Values<K, T>,
          scalars,
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

const specOf = (start: NonNullable<SlotStart>, shape: Shape): SlotSpec =>
  typeof start === "function" ? start(shape) : { shape, start };
