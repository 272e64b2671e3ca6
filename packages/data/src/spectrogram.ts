import type { NDArray } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { spectraOf } from "./internal/spectra.js";

export interface SpectrogramOptions {
  /** How many samples a frame has; the spectrum has size / 2 + 1 values. @defaultValue 400 */
  readonly size?: number;
  /** How far apart frames begin, in samples. @defaultValue half of `size` */
  readonly hop?: number;
  /** By what a frame's samples are multiplied. @defaultValue "hann" */
  readonly window?: "hann" | "hamming" | "none";
  /** The power of the magnitude: 1, or 2 for energy. @defaultValue 2 */
  readonly power?: number;
  /**
   * Whether frames are centered on multiples of `hop`: then half a frame is added on both sides,
   * the signal in reverse. @defaultValue true
   */
  readonly center?: boolean;
}

/**
 * How strong each frequency is in a sound over time: [frames, size / 2 + 1] as float32.
 *
 * Value (t, k) is |Σₙ w[n] x[t · hop + n] e^(−2πi k n / size)|^power: the frequency of k is
 * k / size · the sample rate. Computed in float64, the same bits everywhere. torchaudio:
 * `Spectrogram`, with its defaults, whose result is transposed; librosa: `stft`.
 *
 * Throws where the signal is shorter than a frame, or than half of one if frames are centered.
 */
export function spectrogram(signal: ArrayLike<number>, options: SpectrogramOptions = {}): NDArray {
  return spectraOf(
    "spectrogram",
    signal,
    known("spectrogram", options, "size hop window power center"),
  );
}
