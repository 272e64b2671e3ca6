import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { gradients } from "../gradients.js";
import { tensor } from "../ops/leaf.js";
import { reference } from "../reference.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";

export interface GradcheckOptions {
  /** Of the difference, relative to max(1, |gradient|). @defaultValue 1e-6 */
  readonly tolerance?: number;
  /** The step of the finite differences. @defaultValue 1e-5 */
  readonly h?: number;
  /** Whether higher-order gradients are checked too. @defaultValue true */
  readonly second?: boolean;
}

/**
 * Values without pattern in (−2, 2), away from zero and from each other: the fractions of
 * multiples of √2.
 */
export function testValues(shape: Shape, from = 1): NDArray {
  const data = Float64Array.from(
    { length: sizeOf(shape) },
    (_, i) => (((i + from) * Math.SQRT2) % 1) * 4 - 2,
  );
  return { shape, dtype: "float32", data };
}

/** The same, in (0.25, 2.25). */
export function positiveTestValues(shape: Shape, from = 1): NDArray {
  return {
    ...testValues(shape, from),
    data: testValues(shape, from).data.map((x: number) => x / 2 + 1.25),
  };
}

/**
 * Compares the gradients of a function with central differences in float64, and the gradients of
 * its gradients along a direction (a product of Hessian and vector) with central differences of the
 * gradients. Throws where they differ.
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly NDArray[],
  { tolerance = 1e-6, h = 1e-5, second = true }: GradcheckOptions = {},
): void {
  const specs = Object.fromEntries(inputs.map(({ shape }, i) => [`x${i}`, { shape }]));
  const direction = inputs.map(({ shape }, i) => testValues(shape, 100 * (i + 1)).data);
  const program = reference({ precision: "float64" }).compile(
    (state, fed: Record<string, Tensor>) => {
      const xs = inputs.map((_, i) => fed[`x${i}`]!);
      const y = f(...xs).cast("float32");
      // Weights, so that no gradient hides in a sum that is always the same; a square, so that the
      // gradient's own operands have gradients.
      const loss = y
        .add(y.square().mul(0.25))
        .mul(tensor(testValues(y.shape, 7)))
        .sum();
      const grads = gradients(loss, fed);
      const along = xs.reduce(
        (sum, x, i) => sum.add(grads[`x${i}`]!.mul(tensor(direction[i]!, x.shape)).sum()),
        tensor(0),
      );
      return {
        state,
        outputs: { loss, grads, curvature: second ? gradients(along, fed) : grads },
      };
    },
    {},
    specs,
  );

  const run = (move: (input: number, index: number) => number) =>
    program.step(
      Object.fromEntries(
        inputs.map(({ data, shape }, k) => [
          `x${k}`,
          {
            shape,
            dtype: "float32" as const,
            data: Float64Array.from(data, (x, i) => x + move(k, i)),
          },
        ]),
      ),
    );
  const compare = (what: string, got: number, expected: number): void => {
    if (!(Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))))
      throw badArgument("gradcheck", `${what} to be ${expected} by finite differences`, got);
  };

  const here = run(() => 0);
  inputs.forEach(({ data }, k) => {
    for (let i = 0; i < data.length; i++) {
      const [up, down] = [h, -h].map(
        (by) => run((input, index) => (input === k && index === i ? by : 0)).loss.data[0]!,
      ) as [number, number];
      compare(
        `the gradient of input ${k} at ${i}`,
        here.grads[`x${k}`]!.data[i]!,
        (up - down) / (2 * h),
      );
    }
  });
  if (!second) return;
  const [up, down] = [h, -h].map(
    (by) => run((input, index) => by * direction[input]![index]!).grads,
  ) as [typeof here.grads, typeof here.grads];
  inputs.forEach(({ data }, k) => {
    for (let i = 0; i < data.length; i++)
      compare(
        `the gradient's gradient of input ${k} at ${i}`,
        here.curvature[`x${k}`]!.data[i]!,
        (up[`x${k}`]!.data[i]! - down[`x${k}`]!.data[i]!) / (2 * h),
      );
  });
}
