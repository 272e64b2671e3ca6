import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { conv2d } from "./conv2d.js";
import { conv2dTranspose } from "./conv2dTranspose.js";
import { ones, tensor } from "./leaf.js";

const values = (shape: readonly number[], from = 1) => {
  const { data } = testValues(shape, from);
  return tensor([...data], shape);
};
const small = (min: number, max: number) => fc.integer({ min, max });

test("is the adjoint of the convolution: ⟨conv(y), x⟩ = ⟨y, convᵀ(x)⟩", () =>
  fc.assert(
    fc.property(
      fc.record({
        h: small(1, 4),
        w: small(1, 4),
        kernel: fc.tuple(small(1, 3), small(1, 3)),
        strides: fc.tuple(small(1, 3), small(1, 3)),
        dilation: fc.tuple(small(1, 2), small(1, 2)),
        groups: small(1, 2),
        padding: fc.constantFrom("valid" as const, "same" as const, 0),
      }),
      ({ h, w, kernel, groups, ...how }) => {
        const x = values([2, h, w, 2 * groups]);
        const k = values([...kernel, 3, 2 * groups], 5);
        const y = conv2dTranspose(x, k, { groups, ...how });
        if (how.padding === "same")
          expect(y.shape.slice(1, 3)).toEqual([h * how.strides[0], w * how.strides[1]]);
        const image = values(y.shape, 9);
        const back = conv2d(image, k, { groups, ...how });
        expect(back.shape).toEqual(x.shape);
        const [left, right] = [back.mul(x).sum().item(), image.mul(y).sum().item()];
        expect(Math.abs(left - right)).toBeLessThan(1e-4 * Math.max(1, Math.abs(left)));
      },
    ),
  ));

test("PyTorch's size, with padding and outputPadding", () => {
  const [x, k] = [ones([1, 3, 5, 1]), ones([3, 4, 2, 1])];
  const how = { strides: [2, 3], padding: [1, 0], outputPadding: [1, 2] } as const;
  expect(conv2dTranspose(x, k, how).shape).toEqual([1, 2 * 2 - 2 + 3 + 1, 4 * 3 + 4 + 2, 2]);
});

test("its gradients", () =>
  gradcheck(
    (x, k) => conv2dTranspose(x, k, { strides: 2, padding: 1, outputPadding: 1 }),
    [testValues([1, 2, 2, 2]), testValues([3, 2, 1, 2])],
  ));

test.each([
  [{ outputPadding: 2, strides: 2 }, "outputPadding less than the strides 2×2, got 2×2"],
  [{ padding: 3 }, "padding that leaves at least one row and column, got 3; give less"],
  [{ padding: "same" as const, outputPadding: 1, strides: 2 }, "no outputPadding with padding"],
  [{ groups: 2 }, "a kernel whose last axis is 1 channels, divisible by 2 groups"],
])("refuses %j", (options, message) => {
  expect(() => conv2dTranspose(ones([1, 2, 2, 1]), ones([3, 3, 1, 1]), options)).toThrow(
    `conv2dTranspose: expected ${message}`,
  );
});
