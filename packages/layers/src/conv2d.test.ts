import fc from "fast-check";
import { expect, test } from "vitest";
import { conv2d, flatten, sequential } from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

test("a kernel of ones sums each window; the bias is added", () => {
  const params = {
    kernel: { shape: [2, 2, 1, 1], data: [1, 1, 1, 1] },
    bias: { shape: [1], data: [0.5] },
  };
  expect(
    Array.from(
      run(conv2d(1, 2), { x: { shape: [1, 3, 3, 1], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, params }).y
        .data,
    ),
  ).toEqual([12.5, 16.5, 24.5, 28.5]);
});

test("its gradients agree with finite differences, whatever the options", () => {
  gradcheck(conv2d(2, 3), [4, 5, 2], { batch: 1 });
  gradcheck(conv2d(4, [2, 3], { strides: [2, 1], padding: "same", groups: 2 }), [5, 4, 2], {
    batch: 1,
  });
  gradcheck(
    conv2d(1, 2, {
      dilation: 2,
      padding: [
        [0, 1],
        [2, 0],
      ],
      useBias: false,
    }),
    [4, 3, 1],
    { batch: 2 },
  );
});

test("the planned output is the shape that runs, also through a flatten", () => {
  fc.assert(
    fc.property(
      fc.record({
        h: fc.integer({ min: 3, max: 9 }),
        w: fc.integer({ min: 3, max: 9 }),
        kernel: fc.integer({ min: 1, max: 3 }),
        strides: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom("same", "valid", 1),
        filters: fc.integer({ min: 1, max: 3 }),
      }),
      ({ h, w, kernel, strides, padding, filters }) => {
        const layer = sequential(
          conv2d(filters, kernel, { strides, padding: padding as "same" }),
          flatten(),
        );
        const plan = layer.plan([h, w, 2]);
        const params = Object.fromEntries(
          Object.entries(plan.params).map(([path, { shape, init }]) => [
            path,
            { shape, data: init(shape, () => 0.3) },
          ]),
        );
        expect(
          run(layer, { x: { shape: [2, h, w, 2], data: new Float64Array(2 * h * w * 2) }, params })
            .y.shape,
        ).toEqual([2, ...plan.output]);
      },
    ),
  );
});

test("plans a kernel [rows, columns, channels / groups, filters]", () => {
  expect(conv2d(8, [3, 5], { groups: 2 }).plan([9, 9, 4]).params["kernel"]!.shape).toEqual([
    3, 5, 2, 8,
  ]);
});

test("names what it expected", () => {
  expect(() => conv2d(32, 3).plan([784])).toThrow(
    "conv2d: expected an image [height, width, channels], got [784]; a reshape layer before it " +
      "may help",
  );
  expect(() => conv2d(32, 3, { groups: 3 })).toThrow(
    "conv2d: expected filters divisible by 3 groups, got 32",
  );
  expect(() => conv2d(33, 3, { groups: 3 }).plan([9, 9, 4])).toThrow(
    "conv2d: expected channels divisible by 3 groups, got 4",
  );
  expect(() => conv2d(32, 5).plan([3, 3, 1])).toThrow(
    "expected an image at least as large as the kernel",
  );
  expect(() => conv2d(1.5, 3)).toThrow("conv2d: expected filters as an integer ≥ 1, got 1.5");
  expect(() => conv2d(1, [3, 0])).toThrow(
    "conv2d: expected kernelSize of integers ≥ 1, got [3, 0]",
  );
});
