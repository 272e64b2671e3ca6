import type { NDArray } from "@tenon/contracts";
import { badArgument, finite, known, positive, whole } from "@tenon/guards";
import { exp, log } from "@tenon/random";
import { spectraOf } from "./internal/spectra.js";
import type { SpectrogramOptions } from "./spectrogram.js";

export interface MelSpectrogramOptions extends SpectrogramOptions {
  /** Samples in a second. @defaultValue 16000 */
  readonly sampleRate?: number;
  /** How many bands. @defaultValue 128 */
  readonly bands?: number;
  /** The lowest frequency, in hertz. @defaultValue 0 */
  readonly low?: number;
  /** The highest frequency, in hertz. @defaultValue half of the sample rate */
  readonly high?: number;
}

/**
 * A spectrogram in bands of equal width to the ear: [frames, bands] as float32.
 *
 * A band is a triangle over frequencies, from the center of the band below to that of the band
 * above; centers are evenly spaced on the mel scale, m = 2595 log₁₀(1 + f / 700). torchaudio:
 * `MelSpectrogram`, with its defaults (HTK's scale, no normalization), whose result is transposed.
 *
 * Stevens, Volkmann and Newman (1937), A scale for the measurement of the psychological magnitude
 * pitch. Throws as `spectrogram` does, and unless 0 ≤ low < high ≤ sampleRate / 2.
 */
export function melSpectrogram(
  signal: ArrayLike<number>,
  options: MelSpectrogramOptions = {},
): NDArray {
  const {
    sampleRate = 16000,
    bands = 128,
    low = 0,
    high: highest,
    ...rest
  } = known("melSpectrogram", options, "sampleRate bands low high size hop window power center");
  positive("melSpectrogram", "sampleRate", sampleRate);
  const high = highest ?? sampleRate / 2;
  whole("melSpectrogram", "bands", bands, 1);
  finite("melSpectrogram", "low", low);
  finite("melSpectrogram", "high", high);
  if (!(low >= 0 && low < high && high <= sampleRate / 2))
    throw badArgument(
      "melSpectrogram",
      `0 ≤ low < high ≤ ${sampleRate / 2}`,
      `low ${low}, high ${high}`,
    );
  const spectra = spectraOf("melSpectrogram", signal, rest);
  const [frames, bins] = spectra.shape;
  const filters = filtersOf(bins, bands, hertzPerBin(sampleRate, bins), [low, high]);
  const data = new Float32Array(frames * bands);
  for (let t = 0; t < frames; t++)
    for (let b = 0; b < bands; b++) {
      let sum = 0;
      for (let k = 0; k < bins; k++) sum += filters[b * bins + k] * spectra.data[t * bins + k];
      data[t * bands + b] = sum;
    }
  return { shape: [frames, bands], dtype: "float32", data };
}

/** As torchaudio has it, bins are spread evenly up to half of the sample rate. */
const hertzPerBin = (sampleRate: number, bins: number): number => sampleRate / 2 / (bins - 1);

/** The triangle of each band over the bins, [bands, bins]. */
function filtersOf(
  bins: number,
  bands: number,
  width: number,
  [low, high]: readonly [number, number],
): Float64Array {
  const [from, to] = [melOf(low), melOf(high)];
  const centers = Array.from({ length: bands + 2 }, (_, i) =>
    hertzOf(from + ((to - from) * i) / (bands + 1)),
  );
  const filters = new Float64Array(bands * bins);
  for (let b = 0; b < bands; b++) {
    const [left, middle, right] = centers.slice(b, b + 3);
    for (let k = 0; k < bins; k++)
      filters[b * bins + k] = Math.max(
        0,
        Math.min((k * width - left) / (middle - left), (right - k * width) / (right - middle)),
      );
  }
  return filters;
}

const perDecade = 2595 / Math.LN10;
const melOf = (hertz: number): number => perDecade * log(1 + hertz / 700);
const hertzOf = (mel: number): number => 700 * (exp(mel / perDecade) - 1);
