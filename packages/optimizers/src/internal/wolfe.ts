/** A point on a line: how far along it, the function's value there and its slope along the line. */
export interface LinePoint {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

export interface WolfeOptions {
  /** c₁: the value falls by at least this part of what the slope promises. */
  readonly decrease: number;
  /** c₂: the slope becomes at least this much flatter. */
  readonly flatness: number;
  /** How often the function is computed at most. */
  readonly evaluations: number;
}

/**
 * A point on a line that satisfies the strong Wolfe conditions, f(t) ≤ f(0) + c₁ t f′(0) and
 * |f′(t)| ≤ c₂ |f′(0)|; the lowest point found, which may be the start, if no such point is found
 * within so many evaluations.
 *
 * Nocedal & Wright (2006), Numerical optimization, algorithms 3.5 and 3.6, with cubic
 * interpolation, eq. 3.59.
 *
 * @param at the function
 * @param start where t is 0; its slope is below 0
 * @param t the first point that is tried
 */
export async function wolfe<P extends LinePoint>(
  at: (t: number) => Promise<P>,
  start: P,
  t: number,
  { decrease, flatness, evaluations }: WolfeOptions,
): Promise<P> {
  const isTooHigh = ({ t, value }: LinePoint, than: LinePoint): boolean =>
    !(value <= start.value + decrease * t * start.slope) || (than.t > 0 && !(value < than.value));
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -flatness * start.slope;
  let left = evaluations;

  /** A point between two, of which `low` is the lower and its slope points to `high`. */
  async function between(low: P, high: P): Promise<P> {
    let [from, to] = [low, high];
    while (left-- > 0 && from.t !== to.t) {
      const point = await at(inside(cubicMinimum(from, to), from.t, to.t));
      if (isTooHigh(point, from)) to = point;
      else {
        if (isFlat(point)) return point;
        if (point.slope * (to.t - from.t) >= 0) to = from;
        from = point;
      }
    }
    return from;
  }

  let before = start;
  while (left-- > 0) {
    const point = await at(t);
    if (isTooHigh(point, before)) return between(before, point);
    if (isFlat(point)) return point;
    if (point.slope >= 0) return between(point, before);
    const farther = cubicMinimum(before, point);
    const [least, most] = [point.t + (point.t - before.t) / 100, 10 * point.t];
    t = Number.isFinite(farther) ? Math.min(Math.max(farther, least), most) : most;
    before = point;
  }
  return before;
}

/** A place between two, a tenth of their distance or more from both. */
function inside(t: number, a: number, b: number): number {
  const edge = Math.abs(b - a) / 10;
  const [least, most] = [Math.min(a, b) + edge, Math.max(a, b) - edge];
  return Number.isFinite(t) ? Math.min(Math.max(t, least), most) : (a + b) / 2;
}

/** Where the cubic through two points with these slopes has its minimum; NaN where it has none. */
function cubicMinimum(a: LinePoint, b: LinePoint): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t);
  const d2 = Math.sign(b.t - a.t) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.t - ((b.t - a.t) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}
