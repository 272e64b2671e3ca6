import type { ByPath, Clock, Penalty, Shape, Transform } from "@tenon/contracts";
import { badArgument, known, made, madeList, shown, whole } from "@tenon/guards";
import { plain, type Plain } from "./internal/plain.js";
import type { Decay } from "./record.js";

export interface DecaysOptions {
  /** The shapes of the parameters. */
  readonly shapes: ByPath<Shape>;
  /** How many steps the run will have: rates are looked at in its course. @defaultValue 1000 */
  readonly steps?: number;
  readonly optimizer?: Transform;
  readonly penalties?: readonly Penalty[] | undefined;
}

/**
 * Which parameters an optimizer or penalties pull towards zero.
 *
 * The optimizer's `update` is called with gradients of zero: what moves towards zero decays, on
 * either side of it. Values are so small that a bound on norms does not act. A penalty that a
 * parameter makes larger decays it too. Nothing is changed.
 */
export function decaysOf(options: DecaysOptions): readonly Decay[] {
  const {
    shapes,
    steps = 1000,
    optimizer,
    penalties = [],
  } = known("decaysOf", options, "shapes steps optimizer penalties");
  whole("decaysOf", "steps", steps, 0);
  if (optimizer !== undefined)
    made("decaysOf", "optimizer as a transform", optimizer, "slots update", "adam()");
  madeList("decaysOf", "penalties", penalties, "value", "l2(0.01)");
  if (typeof shapes !== "object" || shapes === null)
    throw badArgument("decaysOf", "shapes by path", shown(shapes));
  const moments = [...new Set([0, 1, steps / 4, steps / 2, steps - 1].map(Math.floor))];
  const rates = optimizer
    ? moments.filter((step) => step >= 0).map((step) => ratesAt(optimizer, shapes, step))
    : [];
  return Object.entries(shapes).flatMap(([path, shape]) => {
    const rate = Math.max(0, ...rates.map((byPath) => byPath[path]!));
    if (rate > 0) return [{ path, shape, ...(rate < 1 && { rate }) }];
    const penalized = penalties.some((penalty) => isPenalized(penalty, shapes, path));
    return penalized ? [{ path, shape }] : [];
  });
}

/** The fraction of each value that a step takes away; 0 where it does not move towards zero. */
function ratesAt(optimizer: Transform, shapes: ByPath<Shape>, step: number): ByPath<number> {
  const moves = [1, -1].map((sign) => {
    const values = map(shapes, (shape) => valueOf(shape, sign));
    const { updates } = optimizer.update<Plain>(
      {
        updates: map(shapes, (shape) => plain(0, shape)),
        params: values,
        slots: startOf(optimizer, shapes, values),
      },
      clockAt(step),
    );
    return map(shapes, (_, path) => -updates[path]!.value / values[path]!.value);
  });
  return map(shapes, (_, path) => {
    const fraction = Math.min(...moves.map((byPath) => byPath[path]!));
    return Number.isFinite(fraction) ? Math.max(0, fraction) : 0;
  });
}

/** All together have a norm of at most 1e-3. */
const valueOf = (shape: Shape, sign: number): Plain =>
  plain(
    (sign * 1e-3) /
      Math.max(
        1,
        shape.reduce((a, b) => a * b, 1),
      ),
    shape,
  );

function startOf(optimizer: Transform, shapes: ByPath<Shape>, values: ByPath<Plain>) {
  return map(optimizer.slots(shapes), (specs) =>
    map(specs, ({ shape, start }, path) =>
      start === "parameter" ? values[path]! : plain(start, shape),
    ),
  );
}

const clockAt = (step: number): Clock<Plain> => ({
  value: (of) => plain(typeof of === "number" ? of : of(step)),
  loss: plain(0),
});

/** Whether a penalty grows with a parameter alone. */
function isPenalized(penalty: Penalty, shapes: ByPath<Shape>, path: string): boolean {
  const params = map(shapes, (shape, other) => plain(other === path ? 1 : 0, shape));
  return penalty.value<Plain>(params).value > 0;
}

const map = <V, W>(values: ByPath<V>, of: (value: V, path: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(values).map(([path, value]) => [path, of(value, path)]));
