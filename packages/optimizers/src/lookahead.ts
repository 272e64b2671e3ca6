import type { Arithmetic, ByPath, Clock, Flow, Schedule, Shape, Transform } from "@tenon/contracts";
import { badArgument, flag, isFiniteNumber, known, shown } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { whole } from "./internal/guards.js";
import { clockAt, scalarsAt } from "./internal/hyper.js";
import { mapPaths } from "./internal/mapPaths.js";

export interface LookaheadOptions {
  /** After how many steps the slow parameters follow. @defaultValue 5 */
  readonly every?: number;
  /** How far they follow, in (0, 1]. @defaultValue 0.5 */
  readonly slowStep?: Schedule | number;
  /** Whether the transform's slots and schedules begin anew then. @defaultValue false */
  readonly reset?: boolean;
}

/**
 * Two sets of parameters: the transform moves the fast ones; after some steps the slow ones go a
 * part
 * of the way, and the fast ones go back to them: s ← s + α(w − s), w ← s.
 *
 * The slow parameters are the slot `"lookahead/slow"`. It belongs at the end, since it must see
 * whole steps. Throws a RangeError unless `every` is a whole number ≥ 1 and α in (0, 1].
 *
 * Zhang et al. (2019), Lookahead optimizer: k steps forward, 1 step back. arXiv:1907.08610
 */
export function lookahead(transform: Transform, options: LookaheadOptions = {}): Transform {
  const {
    every = 5,
    slowStep = 0.5,
    reset = false,
  } = known("lookahead", options, "every slowStep reset");
  checkInner("lookahead", transform);
  whole("lookahead", "every", every, 1);
  if (
    typeof slowStep !== "function" &&
    (!isFiniteNumber(slowStep) || slowStep <= 0 || slowStep > 1)
  )
    throw badArgument("lookahead", "slowStep in (0, 1]", shown(slowStep), "use 0.5");
  flag("lookahead", "reset", reset);
  const isSync = (step: number): number => ((step + 1) % every === 0 ? 1 : 0);
  return {
    name: "lookahead",
    slots: (shapes: ByPath<Shape>) => ({
      ...transform.slots(shapes),
      "lookahead/slow": mapPaths(shapes, (shape) => ({ shape, start: "parameter" as const })),
    }),
    update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T> {
      const { params, slots } = flow;
      // Its steps begin anew whenever the parameters meet.
      const own = reset ? clockAt(clock, (step) => step % every) : clock;
      const after = transform.update(flow, own);
      const { part } = scalarsAt(clock, { part: slowStep });
      const sync = clock.value(isSync);
      const stays = clock.value((step) => 1 - isSync(step));
      const updates: Record<string, T> = {};
      const slow = { ...slots["lookahead/slow"] };
      for (const [path, update] of Object.entries(after.updates)) {
        const before = slow[path]!;
        const w = params[path]!;
        slow[path] = before.add(w.add(update).sub(before).mul(part).mul(sync));
        updates[path] = update.mul(stays).add(slow[path]!.sub(w).mul(sync));
      }
      return {
        updates,
        params,
        slots: { ...after.slots, ...anew(after.slots, stays, sync), "lookahead/slow": slow },
      };
    },
  };
  /** The slots of the transform as they began, where the parameters meet. */
  function anew<T extends Arithmetic<T>>(
    slots: ByPath<ByPath<T>>,
    stays: T,
    sync: T,
  ): ByPath<ByPath<T>> {
    if (!reset) return {};
    const shapes = mapPaths(slots["lookahead/slow"]!, ({ shape }) => shape);
    return mapPaths(transform.slots(shapes), (specs, slot) =>
      mapPaths(specs, ({ start }, path) => {
        if (start === "parameter")
          throw badArgument("lookahead", "no slot that begins with a parameter", slot);
        const kept = slots[slot]![path]!.mul(stays);
        return start === 0 ? kept : kept.add(sync.mul(start));
      }),
    );
  }
}
