import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { melSpectrogram, spectrogram } from "./index.js";
import { fourier } from "./internal/fft.js";

const signal = Float64Array.from(
  { length: 100 },
  (_, i) => Math.sin(0.3 * i) + 0.5 * Math.cos(1.1 * i + (0.2 * i * i) / 100),
);
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b);

test.each([1, 2, 3, 12, 13, 30, 49, 64, 400])(
  "a transform of %i values is the sum that defines it",
  (n) => {
    const [real, imaginary] = [new Float64Array(n), new Float64Array(n)];
    const values = signal.slice(0, Math.min(n, 100));
    fourier(n)(
      Float64Array.from({ length: n }, (_, i) => values[i % values.length]!),
      real,
      imaginary,
    );
    for (let k = 0; k < n; k += Math.ceil(n / 7)) {
      let [a, b] = [0, 0];
      for (let i = 0; i < n; i++) {
        const angle = (2 * Math.PI * ((i * k) % n)) / n;
        a += values[i % values.length]! * Math.cos(angle);
        b -= values[i % values.length]! * Math.sin(angle);
      }
      expectClose([real[k]!, imaginary[k]!], [a, b], 1e-10);
    }
  },
);

test("spectrograms are those of torch.stft 2.15", () => {
  const power = spectrogram(signal, { size: 20, hop: 7 });
  expect(power.shape).toEqual([15, 11]);
  expectClose(
    power.data.slice(22, 28),
    [21.9196398, 24.7545356, 6.4289419, 3.2825765, 5.4968674, 0.4684753],
    1e-6,
  );
  expect(sum(power.data)).toBeCloseTo(812.802039, 3);
  const magnitude = spectrogram(signal, {
    size: 15,
    hop: 15,
    window: "hamming",
    power: 1,
    center: false,
  });
  expect(magnitude.shape).toEqual([6, 8]);
  expectClose(
    magnitude.data.slice(16, 22),
    [5.1550981, 3.9342067, 0.1674872, 2.0803697, 0.8223366, 0.0180068],
    1e-6,
  );
  expect(sum(magnitude.data)).toBeCloseTo(66.800616, 4);
});

test("bands are those of torchaudio's melscale_fbanks", () => {
  const mel = melSpectrogram(signal, { sampleRate: 8000, size: 64, hop: 32, bands: 6 });
  expect(mel.shape).toEqual([4, 6]);
  expectClose(
    mel.data.slice(6, 12),
    [165.91105, 218.04159, 0.11121, 68.4263, 27.47348, 0.0005],
    1e-4,
  );
  expect(sum(mel.data)).toBeCloseTo(1817.52971, 2);
});

test("a tone is where its frequency is", () => {
  // 1000 Hz at 8000 samples a second is bin 1000 / 8000 · 64 = 8.
  const tone = Float64Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * i) / 8));
  const { data } = spectrogram(tone, { size: 64, hop: 64, window: "none", center: false });
  expectClose(
    data.slice(0, 33),
    Array.from({ length: 33 }, (_, k) => (k === 8 ? 1024 : 0)),
    1e-6,
  );
});

test("what cannot be is said", () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => spectrogram([1, 2, 3]), "spectrogram: expected a signal of at least 201 samples, got 3"],
    [
      () => spectrogram([1, 2, 3], { size: 4, center: false }),
      "spectrogram: expected a signal of at least 4 samples, got 3",
    ],
    [
      () => spectrogram([1, NaN, 3], { size: 2 }),
      "spectrogram: expected the signal to hold finite numbers, got NaN at 1",
    ],
    [
      () => spectrogram(signal, { size: 1 }),
      "spectrogram: expected a whole size in [2, 1048576], got 1",
    ],
    [
      () => melSpectrogram(signal, { size: 16, high: 9000 }),
      "melSpectrogram: expected 0 ≤ low < high ≤ 8000, got low 0, high 9000",
    ],
    [
      () => melSpectrogram(signal, { size: 16, hop: 0 }),
      "melSpectrogram: expected a whole hop in [1, 1048576], got 0",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});
