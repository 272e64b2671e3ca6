import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { whole } from "./guards.js";
import { mapPaths } from "./mapPaths.js";
import { total } from "./norms.js";

/** Parameters, or what has their paths and shapes, as one vector. */
type Vector<T> = ByPath<T>;

/** A step that is remembered: the changes of the parameters and of the gradient. */
interface Pair<T> {
  readonly s: Vector<T>;
  readonly y: Vector<T>;
}

/** A pair is remembered if s·y is larger than this times y·y. */
const curvature = 1e-10;

/** `scaleByLbfgs`; `who` was called, and is named in errors. */
export function lbfgsRule(who: string, memory: number): Transform {
  whole(who, "memory", memory, 1);
  const name = "scaleByLbfgs";
  const places = Array.from({ length: memory }, (_, i) => i + 1);
  return {
    name,
    slots(shapes: ByPath<Shape>) {
      const slot = (start: SlotSpec["start"]): ByPath<SlotSpec> =>
        mapPaths(shapes, (shape) => ({ shape, start }));
      const pairs = places.flatMap((i) => [`s${i}`, `y${i}`].map((part) => [part, slot(0)]));
      const all = [["w", slot("parameter")], ["g", slot(0)], ...pairs] as [
        string,
        ByPath<SlotSpec>,
      ][];
      return Object.fromEntries(all.map(([part, specs]) => [`${name}/${part}`, specs]));
    },
    update<T extends Arithmetic<T>>({ updates: g, params, slots }: Flow<T>, _: Clock<T>): Flow<T> {
      if (Object.keys(g).length === 0) return { updates: g, params, slots };
      const slot = (part: string): Vector<T> => slots[`${name}/${part}`]!;
      const before = places.map((i): Pair<T> => ({ s: slot(`s${i}`), y: slot(`y${i}`) }));
      const pairs = remembered(before, {
        s: mapPaths(g, (_, path) => params[path]!.sub(slot("w")[path]!)),
        y: mapPaths(g, (after, path) => after.sub(slot("g")[path]!)),
      });
      const next: Record<string, Vector<T>> = { w: mapPaths(g, (_, path) => params[path]!), g };
      pairs.forEach(({ s, y }, i) => Object.assign(next, { [`s${i + 1}`]: s, [`y${i + 1}`]: y }));
      const named = Object.entries(next).map(([part, values]) => [`${name}/${part}`, values]);
      return {
        updates: direction(g, pairs),
        params,
        slots: { ...slots, ...Object.fromEntries(named) },
      };
    },
  };
}

/** The pairs, the newest first, after one more; the same as before where it has no curvature. */
function remembered<T extends Arithmetic<T>>(
  before: readonly Pair<T>[],
  newest: Pair<T>,
): Pair<T>[] {
  const { s, y } = newest;
  // 1 or 0: a choice in arithmetic, exact for finite values.
  const isKept = dot(s, y).sub(dot(y, y).mul(curvature)).sign().maximum(0);
  const isLeft = isKept.neg().add(1);
  const moved = (to: Vector<T>, from: Vector<T>): Vector<T> =>
    mapPaths(to, (x, path) => from[path]!.mul(isKept).add(x.mul(isLeft)));
  return before.map((pair, i) => {
    const from = i === 0 ? newest : before[i - 1]!;
    return { s: moved(pair.s, from.s), y: moved(pair.y, from.y) };
  });
}

/** H g, by the two loops. A pair of zeros, which stands for none, changes nothing. */
function direction<T extends Arithmetic<T>>(g: Vector<T>, pairs: readonly Pair<T>[]): Vector<T> {
  let q = g;
  const passed = pairs.map(({ s, y }) => {
    const sy = dot(s, y);
    const isThere = sy.sign(); // s·y is above 0, or there is no pair
    const rho = isThere.div(sy.add(isThere.neg().add(1)));
    const alpha = rho.mul(dot(s, q));
    q = plus(q, alpha.neg(), y);
    return { s, y, sy, isThere, rho, alpha };
  });
  const [{ y, sy, isThere }] = passed as [(typeof passed)[0]];
  const none = isThere.neg().add(1);
  // 1 / max(1, Σ|g|) before there is a pair.
  const first = total(Object.values(g), (x) => x.abs()).maximum(1);
  const gamma = sy.add(none).div(dot(y, y).add(none.mul(first)));
  let r = mapPaths(q, (x) => x.mul(gamma));
  for (const { s, y, rho, alpha } of passed.reverse())
    r = plus(r, alpha.sub(rho.mul(dot(y, r))), s);
  return r;
}

/** x + c y */
const plus = <T extends Arithmetic<T>>(x: Vector<T>, c: T, y: Vector<T>): Vector<T> =>
  mapPaths(x, (value, path) => value.add(y[path]!.mul(c)));

const dot = <T extends Arithmetic<T>>(a: Vector<T>, b: Vector<T>): T =>
  total(
    Object.keys(a).map((path) => a[path]!.mul(b[path]!)),
    (x) => x,
  );
