import { cos, sin } from "@tenon/random";

/** Computes Σₙ x[n] e^(−2πi k n / N) of N real values for k = 0 … N − 1, into two arrays. */
export type Fourier = (
  values: ArrayLike<number>,
  real: Float64Array,
  imaginary: Float64Array,
) => void;

/**
 * The discrete Fourier transform of `size` values, by its prime factors: N = p · M is p transforms
 * of M values, as Cooley and Tukey (1965) have it. Fast for sizes of small factors, correct for
 * all.
 */
export function fourier(size: number): Fourier {
  const cosines = Float64Array.from({ length: size }, (_, k) => cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size }, (_, k) => -sin((2 * Math.PI * k) / size));
  /** The transform of the `n` values from `from` on, `stride` apart, into `to` … `to + n − 1`. */
  const transform = (
    [values, real, imaginary]: Parameters<Fourier>,
    [from, stride, to, n]: readonly [number, number, number, number],
  ): void => {
    if (n === 1) {
      real[to] = values[from];
      imaginary[to] = 0;
      return;
    }
    const p = smallestFactor(n);
    const m = n / p;
    for (let j = 0; j < p; j++)
      transform([values, real, imaginary], [from + j * stride, stride * p, to + j * m, m]);
    const partsReal = real.slice(to, to + n);
    const partsImaginary = imaginary.slice(to, to + n);
    for (let k = 0; k < n; k++) {
      let [a, b] = [0, 0];
      for (let j = 0; j < p; j++) {
        const turn = (j * k * stride) % size;
        const part = j * m + (k % m);
        a += partsReal[part] * cosines[turn] - partsImaginary[part] * sines[turn];
        b += partsReal[part] * sines[turn] + partsImaginary[part] * cosines[turn];
      }
      real[to + k] = a;
      imaginary[to + k] = b;
    }
  };
  return (...arrays) => transform(arrays, [0, 1, 0, size]);
}

function smallestFactor(n: number): number {
  for (let p = 2; p * p <= n; p++) if (n % p === 0) return p;
  return n;
}
