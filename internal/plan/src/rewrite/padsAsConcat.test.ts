import type { NDArray } from "@tenon/contracts";
import { gradients, reference, sin, sizeOf, slice, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { tinyEngine } from "../testing/tinyEngine.js";

const shape = [2, 6];
const x: NDArray = {
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i + 1)),
};

/**
 * What the kernels of a gradient make, after a check of its values against the reference engine.
 */
function labelsOf(f: (x: Tensor) => Tensor): string[] {
  const step = (state: object, inputs: { readonly x: Tensor }) => ({
    state,
    outputs: { dx: gradients(f(inputs.x), inputs.x) },
  });
  const program = tinyEngine().compile(step as never, {}, { x });
  expect(program.step({ x })).toEqual(
    reference()
      .compile(step as never, {}, { x })
      .step({ x }),
  );
  return program.plan.steps.map(({ label }) => label);
}

const part = (x: Tensor, from: number, to: number): Tensor => slice(x, [0, from], [2, to]);

test("the gradients of slices that fill a tensor are put next to each other", () => {
  const labels = labelsOf((x) =>
    sin(part(x, 4, 6))
      .sum()
      .add(
        part(x, 0, 1)
          .mul(part(x, 3, 4))
          .sum(),
      )
      .add(part(x, 1, 3).exp().sum()),
  );
  expect(labels).toContain("concat");
  expect(labels).not.toContain("pad");
});

test("those of slices that overlap, or leave something out, are padded and added", () => {
  const overlapping = labelsOf((x) =>
    sin(part(x, 0, 4))
      .sum()
      .add(part(x, 2, 6).exp().sum()),
  );
  expect(overlapping).not.toContain("concat");
  const gap = labelsOf((x) =>
    sin(part(x, 0, 2))
      .sum()
      .add(part(x, 3, 6).exp().sum()),
  );
  expect(gap).not.toContain("concat");
});
