import { ln2High, ln2Low } from "./logarithm.js";
import { powerOfTwo } from "./powerOfTwo.js";

/** e^(x + rest) for a rest far below the last bit of x. From fdlibm's e_exp.c. */
export function exponential(x: number, rest: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * 1.442695040888963387 + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low - rest;
  const r = high - low;
  const z = r * r;
  const c =
    r -
    z *
      (1.66666666666666019037e-1 +
        z *
          (-2.77777777770155933842e-3 +
            z *
              (6.61375632143793436117e-5 +
                z * (-1.6533902205465251539e-6 + z * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // In two steps at the ends of the range: 2¹⁰²⁴ is not finite, and what ends below 2⁻¹⁰²² must
  // be rounded only once.
  if (k > 1000) return y * powerOfTwo(k - 60) * powerOfTwo(60);
  if (k < -1000) return y * powerOfTwo(k + 60) * powerOfTwo(-60);
  return y * powerOfTwo(k);
}
