import { expectClose } from "@tenon/testkit";
import type { Transform } from "@tenon/contracts";
import { expect, test } from "vitest";
import {
  adabelief,
  adagrad,
  adam,
  adamax,
  adamw,
  normalizedGradient,
  onArrays,
  radam,
  rmsprop,
  yogi,
} from "./index.js";

// PyTorch, Keras and optax accept an ε of 0: the formula without it. Here an element without
// gradients stays, where theirs would be 0 / 0.

const gradients = [
  [3, -4e-3, 0, 1e-8],
  [1, -2e-3, 0, -3e-8],
  [-2, 1e-3, 0, 2e-8],
];
const rate = 0.01;

/** w after each step of w ← w − rate · direction, in float64. */
function steps(
  direction: (g: number, memory: Record<string, number>, t: number) => number,
): number[][] {
  const w = [1, 1, 1, 1];
  const memories = w.map(() => ({}) as Record<string, number>);
  return gradients.map((row, i) =>
    row.map((g, k) => (w[k] -= g === 0 && i >= 0 ? 0 : rate * direction(g, memories[k], i + 1))),
  );
}
const average = (memory: Record<string, number>, name: string, beta: number, x: number): number =>
  (memory[name] = beta * (memory[name] ?? 0) + (1 - beta) * x);

const cases: readonly (readonly [string, Transform, Parameters<typeof steps>[0]])[] = [
  [
    "adam",
    adam({ learningRate: rate, eps: 0 }),
    (g, s, t) =>
      average(s, "m", 0.9, g) /
      (1 - 0.9 ** t) /
      Math.sqrt(average(s, "v", 0.999, g * g) / (1 - 0.999 ** t)),
  ],
  [
    "adam, epsHat",
    adam({ learningRate: rate, eps: 0, epsHat: true }),
    (g, s, t) =>
      average(s, "m", 0.9, g) /
      (1 - 0.9 ** t) /
      Math.sqrt(average(s, "v", 0.999, g * g) / (1 - 0.999 ** t)),
  ],
  [
    "adamw",
    adamw({ learningRate: rate, eps: 0, weightDecay: 0 }),
    (g, s, t) =>
      average(s, "m", 0.9, g) /
      (1 - 0.9 ** t) /
      Math.sqrt(average(s, "v", 0.999, g * g) / (1 - 0.999 ** t)),
  ],
  [
    "adamax",
    adamax({ learningRate: rate, eps: 0 }),
    (g, s, t) =>
      average(s, "m", 0.9, g) /
      (1 - 0.9 ** t) /
      (s["u"] = Math.max(0.999 * (s["u"] ?? 0), Math.abs(g))),
  ],
  [
    "adamax, epsOutside",
    adamax({ learningRate: rate, eps: 0, epsOutside: true }),
    (g, s, t) =>
      average(s, "m", 0.9, g) /
      (1 - 0.9 ** t) /
      (s["u"] = Math.max(0.999 * (s["u"] ?? 0), Math.abs(g))),
  ],
  [
    "rmsprop",
    rmsprop({ learningRate: rate, eps: 0, decay: 0.9 }),
    (g, s) => g / Math.sqrt(average(s, "v", 0.9, g * g)),
  ],
  [
    "adagrad",
    adagrad({ learningRate: rate, eps: 0 }),
    (g, s) => g / Math.sqrt((s["s"] = (s["s"] ?? 0) + g * g)),
  ],
  [
    "adabelief",
    adabelief({ learningRate: rate, eps: 0, epsRoot: 0 }),
    (g, s, t) => {
      const m = average(s, "m", 0.9, g);
      return (
        m / (1 - 0.9 ** t) / Math.sqrt(average(s, "s", 0.999, (g - m) ** 2) / (1 - 0.999 ** t))
      );
    },
  ],
];

test.each(cases)("%s", (_, optimizer, direction) => {
  const expected = steps(direction);
  for (const [Kind, tolerance] of [
    [Float64Array, 1e-12],
    [Float32Array, 3e-6],
  ] as const) {
    const w = Kind.from([1, 1, 1, 1]);
    const opt = onArrays(optimizer, { w });
    gradients.forEach((g, i) => {
      opt.step({ w: Kind.from(g) });
      expectClose(w, expected[i], tolerance, `step ${i + 1}`);
      expect(w[2]).toBe(1);
    });
  }
});

test.each([
  ["adam, nesterov", adam({ eps: 0, nesterov: true })],
  ["radam", radam({ eps: 0 })],
  ["yogi", yogi({ eps: 0, start: 0 })],
  ["rmsprop, centered", rmsprop({ eps: 0, centered: true })],
  ["adam, amsgrad", adam({ eps: 0, amsgrad: true })],
])("%s: what has no gradient stays, and nothing is NaN", (_, optimizer) => {
  const w = Float32Array.of(1, 1);
  const opt = onArrays(optimizer, { w });
  for (const g of [1, -2, 0.5, 3, 1, -1, 2, 2]) {
    opt.step({ w: Float32Array.of(g, 0) });
    expect(w[0]! - w[0]!).toBe(0);
    expect(w[1]).toBe(1);
  }
});

test("normalizedGradient: gradients of any norm, and zeros stay zeros", () => {
  for (const norm of ["global", "tensor"] as const)
    for (const size of [1, 1e-24, 1e20]) {
      const w = Float32Array.of(0, 0);
      const z = Float32Array.of(0);
      const opt = onArrays(normalizedGradient({ eps: 0, norm }), { w, z });
      opt.step({ w: Float32Array.of(3 * size, -4 * size), z: Float32Array.of(0) });
      expectClose(w, [0.6, -0.8], 1e-6);
      expect(z[0]).toBe(0);
      opt.step({ w: Float32Array.of(0, 0), z: Float32Array.of(0) });
      expectClose(w, [0.6, -0.8], 1e-6);
    }
});
