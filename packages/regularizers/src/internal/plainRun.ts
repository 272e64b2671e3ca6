import type { ByPath, Shape, Transform } from "@tenon/contracts";
import { plain, plainClock, type Plain } from "@tenon/testkit";

/** For tests: an array with its shape. */
export interface Given {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/**
 * For tests: a transform on plain arrays, one step after another; the parameters move as the
 * updates say.
 */
export function plainRun(
  transform: Transform,
  start: ByPath<Given>,
): {
  params: ByPath<Plain>;
  slots: ByPath<ByPath<Plain>>;
  step(updates: ByPath<Given>): ByPath<Plain>;
} {
  const each = <V, W>(values: ByPath<V>, make: (value: V, path: string) => W): ByPath<W> =>
    Object.fromEntries(Object.entries(values).map(([path, value]) => [path, make(value, path)]));
  const arrayOf = ({ shape, data }: Given): Plain => plain(data, shape);
  const params = each(start, arrayOf);
  const slots = each(transform.slots(each(start, ({ shape }) => shape)), (specs) =>
    each(specs, ({ shape, start: first }, path) =>
      first === "parameter"
        ? params[path]!
        : plain(new Array<number>(shape.reduce((n, size) => n * size, 1)).fill(first), shape),
    ),
  );
  let step = 0;
  const current = {
    params,
    slots,
    step(given: ByPath<Given>): ByPath<Plain> {
      const { updates, slots: after } = transform.update<Plain>(
        { updates: each(given, arrayOf), params: current.params, slots: current.slots },
        plainClock(step++),
      );
      current.params = each(current.params, (w, path) => w.add(updates[path]!));
      current.slots = after;
      return updates;
    },
  };
  return current;
}

/** For tests: what a constraint makes of one array of which nothing moves. */
export function projected(transform: Transform, { shape, data }: Given): readonly number[] {
  const run = plainRun(transform, { w: { shape, data } });
  run.step({ w: { shape, data: new Array<number>(data.length).fill(0) } });
  return [...run.params["w"]!.data];
}
