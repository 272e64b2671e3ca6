import type { NDArray } from "@tenon/contracts";
import { badArgument, flag, oneOf, positive, wholeIn } from "@tenon/guards";
import { cos, pow } from "@tenon/random";
import type { SpectrogramOptions } from "../spectrogram.js";
import { checkNumbers } from "./check.js";
import { fourier } from "./fft.js";

/** What `spectrogram` computes, for a function that is called `who`. */
export function spectraOf(
  who: string,
  signal: ArrayLike<number>,
  options: SpectrogramOptions,
): NDArray {
  const { size = 400, window = "hann", power = 2, center = true } = options;
  checkNumbers(who, "the signal", signal);
  wholeIn(who, "size", size, 2, 2 ** 20);
  const { hop = Math.floor(size / 2) } = options;
  wholeIn(who, "hop", hop, 1, 2 ** 20);
  oneOf(who, "window", window, ["hann", "hamming", "none"]);
  positive(who, "power", power);
  flag(who, "center", center);
  const half = center ? Math.floor(size / 2) : 0;
  const least = center ? half + 1 : size;
  if (signal.length < least)
    throw badArgument(who, `a signal of at least ${least} samples`, signal.length);
  const samples = reflected(signal, half);
  const weights = windowOf(size, window);
  const bins = Math.floor(size / 2) + 1;
  const frames = Math.floor((samples.length - size) / hop) + 1;
  const data = new Float32Array(frames * bins);
  const transform = fourier(size);
  const [frame, real, imaginary] = [0, 0, 0].map(() => new Float64Array(size));
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < size; n++) frame[n] = weights[n] * samples[t * hop + n];
    transform(frame, real, imaginary);
    for (let k = 0; k < bins; k++) {
      const energy = real[k] * real[k] + imaginary[k] * imaginary[k];
      data[t * bins + k] =
        power === 2 ? energy : power === 1 ? Math.sqrt(energy) : pow(energy, power / 2);
    }
  }
  return { shape: [frames, bins], dtype: "float32", data };
}

/** The signal with `half` samples more on each side, in reverse and without the outermost again. */
function reflected(signal: ArrayLike<number>, half: number): Float64Array {
  const last = signal.length - 1;
  return Float64Array.from({ length: signal.length + 2 * half }, (_, i) => {
    const place = Math.abs(i - half);
    return signal[place > last ? 2 * last - place : place];
  });
}

/** One period of a raised cosine: 0.5 − 0.5 cos for Hann, 0.54 − 0.46 cos for Hamming. */
function windowOf(size: number, window: "hann" | "hamming" | "none"): Float64Array {
  if (window === "none") return new Float64Array(size).fill(1);
  const mean = window === "hann" ? 0.5 : 0.54;
  return Float64Array.from(
    { length: size },
    (_, n) => mean - (1 - mean) * cos((2 * Math.PI * n) / size),
  );
}
