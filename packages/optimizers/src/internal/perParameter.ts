import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { scalarsAt, type Hyper, type Scalars } from "./hyper.js";
import { mapPaths } from "./mapPaths.js";

/**
 * The values of one parameter that a rule reads: its gradient `g`, the parameter `w`, its slots.
 */
export type Values<K extends string, T> = { readonly [N in K | "g" | "w"]: T };
/**
 * What a slot begins with: a number or a copy of its parameter, in the parameter's shape; or all of
 * the slot, by the parameter's shape. There is no slot where it is undefined.
 */
export type SlotStart = SlotSpec["start"] | ((shape: Shape) => SlotSpec | undefined) | undefined;
/** A slot of one number for each parameter. */
export const scalar = (start: number) => (): SlotSpec => ({ shape: [], start });

/** What a rule returns: the rewritten gradient, and the slots for the next step. */
export type Results<K extends string, T> = { readonly [N in K | "g"]: T };

/** The equations for one parameter, from its values and the hyper-parameters. */
export type Rule<K extends string, H> = <T extends Arithmetic<T>>(
  values: Values<K, T>,
  scalars: Scalars<H, T>,
  path: string,
) => Results<K, T>;

/**
 * A transform that applies the same rule to each parameter.
 *
 * @param slots the slots of each parameter, by name, with what they begin with; the rule must not
 *   use a slot where that is undefined
 * @param hypers hyper-parameters and what is computed from them, by name; a number is a constant of
 *   the rule, a schedule an input of the compiled step
 */
export function perParameter<K extends string, H extends Readonly<Record<string, Hyper>>>(
  name: string,
  slots: Readonly<Record<K, SlotStart>>,
  hypers: H,
  rule: Rule<K, H>,
): Transform {
  function required<V>(value: V | undefined, what: string, path: string): V {
    if (value === undefined)
      throw badArgument(name, `${what} of "${path}"`, "none", "initSlots makes slots");
    return value;
  }
  const starts = mapPaths(slots, (start: SlotStart) => start);
  const bySlot = <V>(make: (start: NonNullable<SlotStart>, slot: K) => V): ByPath<V> =>
    Object.fromEntries(
      Object.entries<NonNullable<SlotStart>>(starts).map(([slot, start]) => [
        `${name}/${slot}`,
        make(start, slot as K),
      ]),
    );
  return {
    name,
    slots: (shapes: ByPath<Shape>) =>
      bySlot((start) => mapPaths(shapes, (shape) => specOf(start, shape))),
    update<T extends Arithmetic<T>>(
      { updates, params, slots: before }: Flow<T>,
      clock: Clock<T>,
    ): Flow<T> {
      const scalars = scalarsAt(clock, hypers);
      const results = mapPaths(updates, (g, path) => {
        const current = mapPaths(
          starts,
          (start, slot) =>
            specOf(start, g.shape) &&
            required(before[`${name}/${slot}`]?.[path], `the slot "${name}/${slot}"`, path),
        );
        return rule(
          { ...current, g, w: required(params[path], "the parameter", path) } as Values<K, T>,
          scalars,
          path,
        );
      });
      return {
        updates: mapPaths(results, ({ g }) => g),
        params,
        slots: { ...before, ...bySlot((_, slot) => mapPaths(results, (result) => result[slot])) },
      };
    },
  };
}

const specOf = (start: NonNullable<SlotStart>, shape: Shape): SlotSpec | undefined =>
  typeof start === "function" ? start(shape) : { shape, start };
