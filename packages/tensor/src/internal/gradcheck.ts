import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, callable, known, positive, shown } from "@tenon/guards";
import { gradients } from "../gradients.js";
import { tensor } from "../ops/leaf.js";
import { reference } from "../reference.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { checkFlag, checkTensor } from "./guards.js";

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
 * Throws where the gradients of a function are not those of finite differences: to test an
 * operation, a loss or a layer of your own, `gradcheck((x) => myLoss(x, targets), [values])`.
 *
 * (f(x + h) − f(x − h)) / 2h in float64, of a sum of f's elements with weights; and likewise the
 * gradients of the gradients along a direction, a product of Hessian and vector. Values should not
 * be near a kink, such as that of `relu` at 0. PyTorch: `autograd.gradcheck` and `gradgradcheck`;
 * jax: `check_grads`.
 *
 * @param inputs an array for each argument of f; all are differentiated
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly NDArray[],
  options: GradcheckOptions = {},
): void {
  const {
    tolerance = 1e-6,
    h = 1e-5,
    second = true,
  } = known("gradcheck", options, "tolerance h second");
  callable("gradcheck", "f", f);
  checkArrays(inputs);
  checkFlag("gradcheck", "second", second);
  for (const [what, value] of Object.entries({ tolerance, h })) positive("gradcheck", what, value);
  const specs = Object.fromEntries(inputs.map(({ shape }, i) => [`x${i}`, { shape }]));
  const direction = inputs.map(({ shape }, i) => testValues(shape, 100 * (i + 1)).data);
  const program = reference({ precision: "float64" }).compile(
    (state, fed: Record<string, Tensor>) => {
      const xs = inputs.map((_, i) => fed[`x${i}`]!);
      const made = f(...xs);
      checkTensor("gradcheck", made, "a function that gives a tensor");
      const y = made.cast("float32");
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

function checkArrays(inputs: readonly NDArray[]): void {
  if (
    !Array.isArray(inputs) ||
    inputs.length === 0 ||
    ![...inputs].every(
      (array) => isShape(array?.shape) && array.data?.length === sizeOf(array.shape),
    )
  )
    throw badArgument("gradcheck", "inputs as a list of arrays { shape, data }", shown(inputs));
}

const isShape = (shape: unknown): shape is Shape =>
  Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
