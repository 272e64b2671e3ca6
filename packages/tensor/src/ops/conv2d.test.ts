import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { conv2d, type Conv2dOptions, type Padding } from "./conv2d.js";
import { tensor, zeros } from "./leaf.js";

test("a 3×3 image under a 2×2 kernel, as worked by hand", () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const w = tensor([1, 0, 0, -1], [2, 2, 1, 1]);
  expect(conv2d(x, w)).toMatchObject({ shape: [1, 2, 2, 1], dtype: "float32" });
  expect([...conv2d(x, w).data()]).toEqual([-4, -4, -4, -4]);
});

/** The formula of the doc comment, for one output cell, reading zeros outside the image. */
function cell(
  x: (n: number, i: number, j: number, c: number) => number,
  w: (k: number, l: number, c: number, o: number) => number,
  [n, i, j, o]: [number, number, number, number],
  [kh, kw, cg, outputs]: number[],
  {
    strides,
    dilation,
    low,
    groups,
  }: { strides: number[]; dilation: number[]; low: number[]; groups: number },
): number {
  let sum = 0;
  const group = Math.floor(o / (outputs! / groups));
  for (let k = 0; k < kh!; k++)
    for (let l = 0; l < kw!; l++)
      for (let c = 0; c < cg!; c++)
        sum +=
          x(
            n,
            i * strides[0]! + k * dilation[0]! - low[0]!,
            j * strides[1]! + l * dilation[1]! - low[1]!,
            group * cg! + c,
          ) * w(k, l, c, o);
  return sum;
}

const small = (min: number, max: number) => fc.integer({ min, max });
test("is the formula, for any stride, padding, dilation and groups", () =>
  fc.assert(
    fc.property(
      fc.record({
        n: small(0, 2),
        h: small(1, 6),
        w: small(1, 6),
        kh: small(1, 3),
        kw: small(1, 3),
        cg: small(1, 2),
        og: small(1, 2),
        groups: small(1, 3),
        strides: fc.tuple(small(1, 3), small(1, 3)),
        dilation: fc.tuple(small(1, 2), small(1, 2)),
        padding: fc.oneof(
          fc.constantFrom<Padding>("same", "valid"),
          small(0, 2),
          fc.tuple(small(0, 2), small(0, 2)),
          fc.tuple(fc.tuple(small(0, 2), small(0, 2)), fc.tuple(small(0, 2), small(0, 2))),
        ),
      }),
      ({ n, h, w, kh, kw, cg, og, groups, strides, dilation, padding }) => {
        const size = [h, w];
        const kernel = [kh, kw];
        const widths = [0, 1].map((d): [number, number] => {
          if (padding === "valid") return [0, 0];
          if (padding === "same") {
            const total = Math.max(
              0,
              (Math.ceil(size[d]! / strides[d]!) - 1) * strides[d]! +
                (kernel[d]! - 1) * dilation[d]! +
                1 -
                size[d]!,
            );
            return [total >> 1, total - (total >> 1)];
          }
          const side =
            typeof padding === "number" ? padding : (padding as (number | [number, number])[])[d]!;
          return typeof side === "number" ? [side, side] : side;
        });
        const [oh, ow] = [0, 1].map(
          (d) =>
            Math.floor(
              (size[d]! + widths[d]![0] + widths[d]![1] - dilation[d]! * (kernel[d]! - 1) - 1) /
                strides[d]!,
            ) + 1,
        ) as [number, number];
        const image = testValues([n, h, w, cg * groups]);
        const filter = testValues([kh, kw, cg, og * groups], 3);
        if (oh < 1 || ow < 1) {
          expect(() =>
            conv2d(tensor(image), tensor(filter), { strides, dilation, padding, groups }),
          ).toThrow("conv2d: expected an image at least as large as the kernel");
          return;
        }
        const program = reference({ precision: "float64" }).compile(
          (state, { a, b }: { a: Tensor; b: Tensor }) => ({
            state,
            outputs: conv2d(a, b, { strides, dilation, padding, groups }),
          }),
          {},
          { a: image, b: filter },
        );
        const y = program.step({ a: image, b: filter });
        expect(y.shape).toEqual([n, oh, ow, og * groups]);
        if (padding === "same")
          expect([oh, ow]).toEqual([Math.ceil(h / strides[0]), Math.ceil(w / strides[1])]);
        const pixel = (b: number, i: number, j: number, c: number): number =>
          i < 0 || j < 0 || i >= h || j >= w
            ? 0
            : image.data[((b * h + i) * w + j) * cg * groups + c]!;
        const weight = (k: number, l: number, c: number, o: number): number =>
          filter.data[((k * kw + l) * cg + c) * og * groups + o]!;
        let index = 0;
        for (let b = 0; b < n; b++)
          for (let i = 0; i < oh; i++)
            for (let j = 0; j < ow; j++)
              for (let o = 0; o < og * groups; o++)
                expect(y.data[index++]).toBeCloseTo(
                  cell(pixel, weight, [b, i, j, o], [kh, kw, cg, og * groups], {
                    strides,
                    dilation,
                    low: [widths[0]![0], widths[1]![0]],
                    groups,
                  }),
                  12,
                );
      },
    ),
    { numRuns: 200 },
  ));

test.each<[Conv2dOptions, number[], number[]]>([
  [{}, [1, 3, 3, 1], [2, 2, 1, 2]],
  [{ strides: 2 }, [1, 4, 5, 1], [2, 2, 1, 1]],
  [{ padding: "same", strides: [1, 2] }, [1, 3, 4, 1], [2, 3, 1, 1]],
  [
    {
      padding: [
        [1, 0],
        [0, 2],
      ],
    },
    [1, 3, 2, 1],
    [2, 2, 1, 1],
  ],
  [{ dilation: [2, 1] }, [1, 4, 3, 1], [2, 2, 1, 1]],
  [{ groups: 2, padding: 1 }, [1, 2, 2, 4], [2, 2, 2, 2]],
  [{}, [1, 1, 1, 1], [1, 1, 1, 1]],
  [{}, [0, 3, 3, 1], [2, 2, 1, 1]],
  [{ strides: 3 }, [2, 5, 5, 1], [2, 2, 1, 1]],
])("%j has the gradients of finite differences, and theirs", (options, image, kernel) =>
  gradcheck((x, w) => conv2d(x, w, options), [testValues(image), testValues(kernel, 5)]),
);

test("unfitting arguments are refused by name", () => {
  const x = zeros([1, 4, 4, 3]);
  const w = zeros([3, 3, 3, 8]);
  expect(() => conv2d(zeros([4, 4, 3]), w)).toThrow(
    "conv2d: expected an image [n, height, width, channels] and a kernel [height, width, " +
      "channels, outputs], got [4, 4, 3] and [3, 3, 3, 8]",
  );
  expect(() => conv2d(x, zeros([3, 3, 2, 8]))).toThrow(
    "conv2d: expected a kernel of 3 input channels / 1 groups",
  );
  expect(() => conv2d(x, zeros([3, 3, 1, 8]), { groups: 3 })).toThrow("outputs divisible by 3");
  expect(() => conv2d(x, w, { strides: 0 })).toThrow(
    "conv2d: expected strides of integers ≥ 1, got 0",
  );
  expect(() => conv2d(x, w, { dilation: [1, 1.5] })).toThrow(
    "conv2d: expected dilation of integers ≥ 1, got [1, 1.5]",
  );
  expect(() => conv2d(x, w, { padding: -1 })).toThrow(
    'conv2d: expected padding "valid", "same", or integers ≥ 0, got -1',
  );
  expect(() => conv2d(x, w, { padding: "full" as "same" })).toThrow('got "full"');
  expect(() => conv2d(x, w, { dilation: 2 })).toThrow(
    "conv2d: expected an image at least as large as the kernel, got [1, 4, 4, 3] under [3, 3, " +
      "3, 8] with dilation 2×2",
  );
  expect(() => conv2d(x, zeros([0, 3, 3, 8]))).toThrow(
    "conv2d: expected a kernel of at least one row and column",
  );
});
