import { gradients, maxPool2d, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { test } from "vitest";
import { array, type Conformance } from "./agree.js";

const activations: Record<string, (x: Tensor) => Tensor> = {
  relu: (x) => x.relu(),
  tanh: (x) => x.tanh(),
  above: (x) => x.maximum(0.2),
  plain: (x) => x,
};

/** Max pools behind and in front of other operations. */
export function pools({ agree }: Conformance): void {
  test("max pools behind an activation, and their gradients, agree for any window, stride and padding", async () => {
    const small = (min: number, max: number) => fc.integer({ min, max });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          shape: fc.tuple(small(0, 3), small(1, 7), small(1, 7), small(1, 9)),
          window: fc.tuple(small(1, 3), small(1, 3)),
          strides: fc.tuple(small(1, 3), small(1, 3)),
          same: fc.boolean(),
          activation: fc.constantFrom(...Object.keys(activations)),
          bias: fc.constantFrom("channel", "scalar", "image"),
        }),
        async ({ shape: [n, h, w, c], window, strides, same, activation, bias }) => {
          fc.pre(same || (window[0] <= h && window[1] <= w));
          const x = array([n, h, w, c], (i) => Math.sin(i * 1.7) + 0.1);
          const b = array({ channel: [c], scalar: [], image: [n, 1, 1, 1] }[bias]!, (i) =>
            Math.cos(i),
          );
          await agree(
            { x, b },
            ({ x, b }) => {
              const y = maxPool2d(activations[activation]!(x!.add(b!)), window, {
                strides,
                padding: same ? "same" : "valid",
              });
              return { y, ...gradients(y.square().sum(), { dx: x!, db: b! }) };
            },
            1e-5,
            0.1,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("values that are used many times in front of a pool are planned once", async () => {
    const deep = (x: Tensor): Tensor =>
      Array.from({ length: 40 }).reduce<Tensor>((h) => h.mul(h.sigmoid()), x);
    await agree(
      { x: array([2, 6, 6, 4]), k: array([4]) },
      ({ x, k }) => {
        const loss = maxPool2d(deep(x!).mul(k!), 2).square().sum();
        return { loss, ...gradients(loss, { x: x!, k: k! }) };
      },
      1e-4,
    );
  });
}
