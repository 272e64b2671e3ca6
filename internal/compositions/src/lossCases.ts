import type { Engine, NDArray } from "@tenon/contracts";
import { gradients, reference, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

// Losses where they are hardest, in float32 on both engines: tails, infinite logits, weights of
// 0. The expected values are each loss's formula in float64, written so that nothing in it cancels.

/** Both engines. */
export const engines: readonly Engine<Tensor>[] = [reference(), await wasm({ threads: 1 })];
/** The option with which a loss returns one value per example. */
export const none = { reduction: "none" } as const;

/** A loss of some predictions, with the right values and gradients. */
export interface Case {
  readonly loss: (x: Tensor) => Tensor;
  readonly x: readonly number[];
  readonly shape?: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: readonly number[];
}

/** Compares values with a relative tolerance, however small they are. */
function close(
  actual: ArrayLike<number>,
  expected: readonly number[],
  what: string,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    if (!(
      a === e ||
      (Number.isNaN(a) && Number.isNaN(e)) ||
      Math.abs(a - e) <= tolerance * Math.abs(e)
    ))
      expect.fail(`${what} ${i}: expected ${e}, got ${a}`);
  });
}

/** Tests a loss on both engines. */
export function holds(name: string, cases: readonly Case[], tolerance = 1e-6): void {
  test.each(engines)(`${name}: $name`, (engine) => {
    for (const { loss, x, shape = [x.length], losses, gradients: expected } of cases) {
      const program = engine.compile(
        (_: object, fed: { x: Tensor }) => {
          const value = loss(fed.x);
          return { state: {}, outputs: { value, gradient: gradients(value.sum(), fed.x) } };
        },
        {},
        { x: { shape } },
      );
      const { value, gradient } = program.step({ x: Float32Array.from(x) }) as unknown as Record<
        "value" | "gradient",
        NDArray
      >;
      close(value.data, losses, `loss of ${x.join(", ")}`, tolerance);
      close(gradient.data, expected, `gradient of ${x.join(", ")}`, tolerance);
    }
  });
}
