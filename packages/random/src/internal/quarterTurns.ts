import { badArgument } from "@tenon/guards";

// π/2 in three parts of 33 bits and the remainder after each (fdlibm's e_rem_pio2.c), so that n ·
// part is exact.
const piece1 = 1.57079632673412561417;
const piece2 = 6.0771005063039659766e-11;
const rest2 = 2.02226624879595063154e-21;
const piece3 = 2.0222662487111664558e-21;
const rest3 = 8.47842766036889956997e-32;

/**
 * Sine or cosine of x: the angle less whole quarter turns, then one of two polynomials (fdlibm's
 * k_sin.c, k_cos.c). `turn` adds quarter turns.
 */
export function ofAngle(name: string, x: number, turn: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  if (Math.abs(x) > 0x100000)
    throw badArgument(
      name,
      "an angle between -1048576 and 1048576",
      x,
      "take whole turns off first",
    );
  const n = Math.floor(x * 6.36619772367581382433e-1 + 0.5);
  let before = x - n * piece1;
  let w = n * piece2;
  let r = before - w;
  w = n * rest2 - (before - r - w);
  let y0 = r - w;
  if (Math.abs(y0) < 1e-7) {
    before = r;
    w = n * piece3;
    r = before - w;
    w = n * rest3 - (before - r - w);
    y0 = r - w;
  }
  const y1 = r - y0 - w;
  const quarter = (n + turn) & 3;
  const value = (quarter & 1) === 0 ? sine(y0, y1) : cosine(y0, y1);
  return quarter < 2 ? value : -value;
}

/** sin(x + y) for |x| ≤ π/4 and y below its last bit. */
function sine(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z *
          (2.75573137070700676789e-6 +
            z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}

/** cos(x + y), likewise. */
function cosine(x: number, y: number): number {
  const z = x * x;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}
