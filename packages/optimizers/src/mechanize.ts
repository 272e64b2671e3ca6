import type { Arithmetic, Schedule, Transform } from "@tenon/contracts";
import { known, power, towards } from "@tenon/guards";
import { checkInner } from "./internal/checkTransform.js";
import { positive, positiveRate, rate, whole } from "./internal/guards.js";
import { mapPaths } from "./internal/mapPaths.js";
import { inner, together } from "./internal/together.js";

export interface MechanizeOptions {
  /** How many guesses of the scale are added, of decays 0.9, 0.99, … @defaultValue 6 */
  readonly betas?: number;
  /** The first scale, far too small. @defaultValue 1e-6 */
  readonly start?: number;
  /** Pulls towards zero what the scale is found by; not the transform. @defaultValue 0.01 */
  readonly weightDecay?: Schedule | number;
  /** Keeps quotients finite. @defaultValue 1e-8 */
  readonly eps?: Schedule | number;
}

/**
 * Finds the scale of another transform's updates: their sum from the first parameters on is taken
 * times a number S, which grows while the gradients agree with that sum.
 *
 * Δ = (w₀ − w) / (S + ε),  h = ⟨g + λS ‖g‖ / (‖w‖ + ε) w, Δ⟩;  for each decay βᵢ = 1 − 10⁻ⁱ of n:
 * r ← βr + s clip(h, ±m),  m ← max(βm, |h| + ε),  v ← β²v + h²,  s ← (s₀ m / n + max(r, 0)) / (√v +
 * ε);  S = Σ s,  w ← w₀ − S (Δ − u) with the transform's update u
 *
 * The transform's own schedule stays, with 1 as its highest rate: `mechanize(adam({ learningRate: 1
 * }))`. Not for rules whose updates are normalized by the parameters (`lars`, `lamb`). optax:
 * `contrib.mechanize`. Throws a RangeError where an option is out of range. Cutkosky, Defazio &
 * Mehta (2023), Mechanic: a learning rate tuner, algorithm 1. arXiv:2306.00144
 */
export function mechanize(transform: Transform, options: MechanizeOptions = {}): Transform {
  const {
    betas = 6,
    start = 1e-6,
    weightDecay = 0.01,
    eps = 1e-8,
  } = known("mechanize", options, "betas start weightDecay eps");
  checkInner("mechanize", transform);
  whole("mechanize", "betas", betas, 1);
  positive("mechanize", "start", start);
  rate("mechanize", "weightDecay", weightDecay);
  positiveRate("mechanize", "eps", eps);
  const places = Array.from({ length: betas }, (_, i) => i + 1);
  const guess: Guess<number> = { r: 0, m: 0, v: 0, s: start };
  return together(
    "mechanize",
    {
      inner: transform,
      arrays: { first: "parameter" },
      numbers: Object.assign({}, ...places.map((i) => numbered(guess, i))) as Guesses<number>,
    },
    { weightDecay, eps },
    ({ g, w, u, first, ...before }, now) => {
      const scaleOf = (guesses: typeof before) =>
        places.map((i) => guesses[`s${i}`]!).reduce((a, b) => a.add(b));
      const scale = scaleOf(before);
      const way = mapPaths(w, (x, path) => first[path]!.sub(x).div(scale.add(now.eps)));
      const lengths = inner(g, g).sqrt().div(inner(w, w).sqrt().add(now.eps));
      const pull = scale.mul(lengths).mul(now.weightDecay);
      const pulled = mapPaths(g, (x, path) => x.add(w[path]!.mul(pull)));
      const h = inner(pulled, way);
      const after = Object.assign(
        {},
        ...places.map((i) =>
          numbered(guessed(before, i, h, { least: start / betas, eps: now.eps }), i),
        ),
      ) as typeof before;
      const next = scaleOf(after);
      const to = (path: string) => first[path]!.sub(way[path]!.sub(u[path]!).mul(next));
      return { ...after, g: mapPaths(w, (x, path) => towards(x, to(path))) };
    },
  );
}

/** What a guess of the scale is made of; s is the guess. */
type Guess<T> = Readonly<Record<"r" | "m" | "v" | "s", T>>;
type Guesses<T> = Readonly<Record<`${keyof Guess<T>}${number}`, T>>;

const numbered = <T>(guess: Guess<T>, i: number): Guesses<T> =>
  Object.fromEntries(Object.entries(guess).map(([part, value]) => [`${part}${i}`, value]));

/** The guess of decay 1 − 10⁻ⁱ with one more h. */
function guessed<T extends Arithmetic<T>>(
  before: Guesses<T>,
  i: number,
  h: T,
  { least, eps }: { readonly least: number; readonly eps: T | number },
): Guess<T> {
  const beta = 1 - power(0.1, i);
  const [bound, scale] = [before[`m${i}`]!, before[`s${i}`]!];
  const clipped = h.minimum(bound).maximum(bound.neg());
  const r = before[`r${i}`]!.mul(beta).add(clipped.mul(scale));
  const m = bound.mul(beta).maximum(h.abs().add(eps));
  const v = before[`v${i}`]!.mul(beta * beta).add(h.square());
  return { r, m, v, s: m.mul(least).add(r.maximum(0)).div(v.sqrt().add(eps)) };
}
