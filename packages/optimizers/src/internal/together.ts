import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { mean, scalarsAt, type Hyper, type Scalars } from "./hyper.js";
import { mapPaths } from "./mapPaths.js";
import { total } from "./norms.js";

/** Values of a rule over all parameters, by name: arrays by path, or numbers. */
type Bag<A extends string, N extends string, T> = Readonly<Record<A, ByPath<T>>> &
  Readonly<Record<N, T>>;

/** What such a rule keeps, by name, with what it begins with. */
interface Kept<A extends string, N extends string> {
  /** Of each parameter, in its shape. */
  readonly arrays: Readonly<Record<A, SlotSpec["start"]>>;
  /** The same for all parameters. Slots are by parameter, so that each has a copy. */
  readonly numbers: Readonly<Record<N, number>>;
  /** A transform whose updates the rule reads as `u`. */
  readonly inner?: Transform;
}

/**
 * A transform whose rule sees all parameters at once, since what it computes of them is one number.
 *
 * It reads gradients `g`, parameters `w`, and what is kept; it returns updates as `g`, and what is
 * kept then. Arrays that it does not return stay.
 */
export function together<
  A extends string,
  N extends string,
  H extends Readonly<Record<string, Hyper>>,
>(
  name: string,
  { arrays, numbers, inner }: Kept<A, N>,
  hypers: H,
  rule: <T extends Arithmetic<T>>(
    values: Bag<A | "g" | "w" | "u", N, T>,
    scalars: Scalars<H, T>,
    clock: Clock<T>,
  ) => Partial<Readonly<Record<A, ByPath<T>>>> & Bag<"g", N, T>,
): Transform {
  const slotsOf = <V, W>(
    values: Readonly<Record<string, V>>,
    make: (value: V, part: string) => W,
  ): ByPath<W> =>
    Object.fromEntries(
      Object.entries(values).map(([part, value]) => [`${name}/${part}`, make(value, part)]),
    );
  return {
    name,
    slots: (shapes: ByPath<Shape>) => ({
      ...inner?.slots(shapes),
      ...slotsOf<SlotSpec["start"], ByPath<SlotSpec>>(arrays, (start) =>
        mapPaths(shapes, (shape) => ({ shape, start })),
      ),
      ...slotsOf<number, ByPath<SlotSpec>>(numbers, (start) =>
        mapPaths(shapes, () => ({ shape: [], start })),
      ),
    }),
    update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T> {
      const { updates: g, params, slots: before } = flow;
      const [any] = Object.keys(g);
      if (any === undefined) return flow;
      const { updates: u, slots } = inner ? inner.update(flow, clock) : flow;
      const here = (byPath: ByPath<T>): ByPath<T> => mapPaths(g, (_, path) => byPath[path]!);
      const kept: ByPath<unknown> = {
        ...mapPaths<unknown, ByPath<T>>(arrays, (_, part) => here(before[`${name}/${part}`]!)),
        ...mapPaths<unknown, T>(numbers, (_, part) => before[`${name}/${part}`]![any]!),
        ...{ g, u, w: here(params) },
      };
      const after = rule<T>(kept as never, scalarsAt(clock, hypers), clock) as ByPath<unknown>;
      return {
        updates: after["g"] as ByPath<T>,
        params,
        slots: {
          ...slots,
          ...slotsOf(arrays, (_, part) => (after[part] ?? kept[part]) as ByPath<T>),
          ...slotsOf(numbers, (_, part) => mapPaths(g, () => after[part] as T)),
        },
      };
    },
  };
}

/** β m + (1 − β) x of each array. */
export const means = <T extends Arithmetic<T>>(
  m: ByPath<T>,
  x: ByPath<T>,
  beta: T | number,
): ByPath<T> => mapPaths(m, (before, path) => mean(before, x[path]!, beta));

/** Σ x y over all elements. */
export function inner<T extends Arithmetic<T>>(x: ByPath<T>, y: ByPath<T>): T {
  const products = mapPaths(x, (values, path) => values.mul(y[path]!));
  return total(Object.values(products), (values) => values);
}
