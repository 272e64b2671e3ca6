import { moved, towards } from "@tenon/guards";
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

/** How an average of parameters is kept. */
export interface Averaging {
  /** What the average is before the first step. */
  readonly start: number | "parameter";
  /** How much of the average is kept at a step. */
  readonly kept: Schedule;
  /** How much of the parameters comes in at a step. */
  readonly taken: Schedule;
  /** After each such number of steps the parameters are set to the average. */
  readonly overwriteEvery?: number;
}

/**
 * Leaves updates alone and keeps an average of what the parameters become. It must come last in a
 * chain.
 */
export function averaging(
  name: string,
  { start, kept, taken, overwriteEvery }: Averaging,
): Transform {
  const slot = `${name}/average`;
  return {
    name,
    slots: (shapes: ByPath<Shape>) => ({
      [slot]: mapPaths(shapes, (shape): SlotSpec => ({ shape, start })),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, clock: Clock<T>): Flow<T> {
      const keep = clock.value(kept);
      const take = clock.value(taken);
      const next = mapPaths(updates, (update, path) => moved(params[path]!, update));
      const averages = mapPaths(next, (w, path) => slots[slot]![path]!.mul(keep).add(w.mul(take)));
      const after = { ...slots, [slot]: averages };
      if (overwriteEvery === undefined) return { updates, params, slots: after };
      const now = clock.value((step) => ((step + 1) % overwriteEvery === 0 ? 1 : 0));
      const otherwise = now.neg().add(1);
      return {
        updates: mapPaths(updates, (update, path) => {
          const w = params[path]!;
          const average = averages[path]!;
          return towards(
            w,
            average.mul(now).add(next[path]!.mul(otherwise)),
            average.sub(w).mul(now).add(update.mul(otherwise)),
          );
        }),
        params,
        slots: after,
      };
    },
  };
}

function mapPaths<V, W>(values: ByPath<V>, make: (value: V, path: string) => W): ByPath<W> {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, make(value, path)]),
  );
}
