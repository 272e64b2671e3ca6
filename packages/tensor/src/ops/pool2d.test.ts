import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { scatterAlong } from "./gather.js";
import { tensor, zeros } from "./leaf.js";
import {
  argMaxPool2d,
  avgPool2d,
  gatherPool2d,
  maxPool2d,
  unpool2d,
  type AvgPool2dOptions,
} from "./pool2d.js";

const list = (x: Tensor): number[] => [...x.data()];

test("2×2 windows, as worked by hand", () => {
  const x = tensor([1, 2, 5, 6, 3, 4, 7, 8], [1, 2, 4, 1]);
  expect(list(maxPool2d(x, 2))).toEqual([4, 8]);
  expect(list(avgPool2d(x, 2))).toEqual([2.5, 6.5]);
  expect(list(argMaxPool2d(x, 2))).toEqual([5, 7]);
  expect(argMaxPool2d(x, 2).dtype).toBe("int32");
});

const small = (min: number, max: number) => fc.integer({ min, max });
test("are the largest and the mean of each window, for any window, stride and padding", () =>
  fc.assert(
    fc.property(
      fc.record({
        n: small(0, 2),
        h: small(1, 6),
        w: small(1, 6),
        c: small(1, 3),
        window: fc.tuple(small(1, 3), small(1, 3)),
        strides: fc.tuple(small(1, 3), small(1, 3)),
        same: fc.boolean(),
        countPadding: fc.boolean(),
      }),
      ({ n, h, w, c, window, strides, same, countPadding }) => {
        const image = testValues([n, h, w, c]);
        const padding = same ? "same" : "valid";
        const size = [h, w];
        const low = [0, 1].map((d) =>
          same
            ? Math.max(
                0,
                (Math.ceil(size[d]! / strides[d]!) - 1) * strides[d]! + window[d]! - size[d]!,
              ) >> 1
            : 0,
        );
        const [oh, ow] = [0, 1].map((d) =>
          same
            ? Math.ceil(size[d]! / strides[d]!)
            : Math.floor((size[d]! - window[d]!) / strides[d]!) + 1,
        ) as [number, number];
        if (oh < 1 || ow < 1) {
          expect(() => maxPool2d(tensor(image), window, { strides, padding })).toThrow(
            "maxPool2d: expected an image at least as large as the window",
          );
          return;
        }
        const program = reference({ precision: "float64" }).compile(
          (state, x: Tensor) => ({
            state,
            outputs: {
              max: maxPool2d(x, window, { strides, padding }),
              avg: avgPool2d(x, window, { strides, padding, countPadding }),
            },
          }),
          {},
          image,
        );
        const { max, avg } = program.step(image);
        expect([max.shape, avg.shape]).toEqual([
          [n, oh, ow, c],
          [n, oh, ow, c],
        ]);
        let index = 0;
        for (let b = 0; b < n; b++)
          for (let i = 0; i < oh; i++)
            for (let j = 0; j < ow; j++)
              for (let q = 0; q < c; q++, index++) {
                const under: number[] = [];
                for (let k = 0; k < window[0]; k++)
                  for (let l = 0; l < window[1]; l++) {
                    const [row, column] = [
                      i * strides[0] + k - low[0]!,
                      j * strides[1] + l - low[1]!,
                    ];
                    if (row >= 0 && column >= 0 && row < h && column < w)
                      under.push(image.data[((b * h + row) * w + column) * c + q]!);
                  }
                expect(max.data[index]).toBe(Math.max(...under));
                expect(avg.data[index]).toBeCloseTo(
                  under.reduce((sum, x) => sum + x, 0) /
                    (countPadding ? window[0] * window[1] : under.length),
                  12,
                );
              }
      },
    ),
    { numRuns: 200 },
  ));

test.each<[AvgPool2dOptions, number, number[]]>([
  [{}, 2, [1, 4, 4, 2]],
  [{ strides: 1 }, 2, [1, 3, 4, 1]],
  [{ padding: "same" }, 2, [2, 3, 3, 1]],
  [{ padding: 1, countPadding: true }, 3, [1, 4, 3, 1]],
  [{}, 1, [1, 1, 1, 1]],
  [{}, 2, [0, 2, 2, 1]],
])("%j has the gradients of finite differences, and theirs", (options, window, image) => {
  gradcheck((x) => avgPool2d(x, window, options), [testValues(image)]);
  gradcheck((x) => avgPool2d(x.square(), window, options), [testValues(image)]);
  const { countPadding: _, ...max } = options;
  gradcheck((x) => maxPool2d(x.square(), window, max), [testValues(image)]);
});

test("unpooling is PyTorch's: the example of its MaxUnpool2d", () => {
  const x = tensor(
    Float32Array.from({ length: 16 }, (_, i) => i + 1),
    [1, 4, 4, 1],
  );
  const indices = argMaxPool2d(x, 2);
  expect(list(indices)).toEqual([5, 7, 13, 15]);
  expect(list(gatherPool2d(x, indices))).toEqual([6, 8, 14, 16]);
  expect(list(unpool2d(gatherPool2d(x, indices), indices, 4))).toEqual([
    ...[0, 0, 0, 0],
    ...[0, 6, 0, 8],
    ...[0, 0, 0, 0],
    ...[0, 14, 0, 16],
  ]);
  const larger = unpool2d(gatherPool2d(x, indices), indices, 5);
  expect(larger.shape).toEqual([1, 5, 5, 1]);
  expect(list(larger).slice(0, 10)).toEqual([0, 0, 0, 0, 0, 6, 0, 8, 0, 0]);
});

test("gathering and unpooling are takeAlong and scatterAlong over the cells of each image", () => {
  const [n, h, w, c] = [2, 5, 4, 3];
  const x = tensor(testValues([n, h, w, c]));
  const indices = argMaxPool2d(x, 3, { strides: 1, padding: "same" });
  const cells = indices.reshape([n, h * w, c]);
  const pooled = gatherPool2d(x, indices);
  expect(list(pooled)).toEqual(list(x.reshape([n, h * w, c]).takeAlong(cells, 1)));
  expect(list(unpool2d(pooled, indices, [h, w]))).toEqual(
    list(scatterAlong(pooled.reshape([n, h * w, c]), cells, h * w, 1)),
  );
});

test("values with the same index are added, and each operation is the other's gradient", () => {
  const indices = tensor(Int32Array.of(3, 0, 3, 1), [1, 2, 2, 1]);
  expect(list(unpool2d(tensor([1, 2, 4, 8], [1, 2, 2, 1]), indices, 2))).toEqual([2, 8, 0, 5]);
  gradcheck((x) => gatherPool2d(x.square(), indices), [testValues([1, 2, 2, 1])]);
  gradcheck((y) => unpool2d(y.square(), indices, [3, 2]), [testValues([1, 2, 2, 1])]);
});

test("the first of equals gets the whole gradient, and NaN is the largest", () => {
  const x = zeros([1, 2, 2, 1]).add(0);
  expect(list(gradients(maxPool2d(x, 2).sum(), x))).toEqual([1, 0, 0, 0]);
  expect(list(maxPool2d(tensor([1, NaN, 3, 4], [1, 2, 2, 1]), 2))).toEqual([NaN]);
  expect(
    list(maxPool2d(tensor([-Infinity, -Infinity, -Infinity, -Infinity], [1, 2, 2, 1]), 2)),
  ).toEqual([-Infinity]);
});

test("integers are pooled as float32", () => {
  const x = tensor(Int32Array.of(1, 2, 3, 5), [1, 2, 2, 1]);
  expect(maxPool2d(x, 2)).toMatchObject({ dtype: "float32" });
  expect([maxPool2d(x, 2).item(), avgPool2d(x, 2).item()]).toEqual([5, 2.75]);
});

interface Windows {
  readonly window: number;
  readonly strides: number;
  readonly padding: number;
  readonly dilation: number;
  readonly ceilMode: boolean;
}

/** The cells under each window of PyTorch's max_pool2d, as its documentation has it. */
function cellsUnder(
  [h, w]: readonly [number, number],
  { window, strides, padding, dilation, ceilMode }: Windows,
): number[][] {
  const count = (n: number): number => {
    const free = n + 2 * padding - dilation * (window - 1) - 1;
    const windows = Math[ceilMode ? "ceil" : "floor"](free / strides) + 1;
    return ceilMode && (windows - 1) * strides >= n + padding ? windows - 1 : windows;
  };
  const along = (n: number): number[][] =>
    Array.from({ length: count(n) }, (_, i) =>
      Array.from({ length: window }, (_, k) => i * strides - padding + k * dilation).filter(
        (at) => at >= 0 && at < n,
      ),
    );
  return along(h).flatMap((rows) =>
    along(w).map((columns) => rows.flatMap((i) => columns.map((j) => i * w + j))),
  );
}

test("ceilMode and dilation are PyTorch's, for any window, stride and padding", () =>
  fc.assert(
    fc.property(
      fc.record({
        image: fc.tuple(small(1, 6), small(1, 6)),
        window: small(2, 3),
        strides: small(1, 3),
        padding: small(0, 1),
        dilation: small(1, 2),
        ceilMode: fc.boolean(),
      }),
      ({ image, ...how }) => {
        const { window, ...options } = how;
        const { data } = testValues([1, ...image, 1]);
        const reach = how.dilation * (window - 1) + 1;
        const left = how.ceilMode ? how.strides - 1 : 0;
        fc.pre(image.every((n) => n + 2 * how.padding + left >= reach));
        const y = maxPool2d(tensor([...data], [1, ...image, 1]), window, options);
        expect(list(y)).toEqual(
          cellsUnder(image, how).map((cells) =>
            Math.fround(Math.max(...cells.map((cell) => data[cell]!))),
          ),
        );
      },
    ),
    { numRuns: 200 },
  ));

test("a window that hangs over the edge is divided by what it holds of the padded image", () => {
  const x = tensor([1, 2, 3, 4, 5], [1, 1, 5, 1]);
  const how = { strides: [1, 2], ceilMode: true } as const;
  expect(list(avgPool2d(x, [1, 2], how))).toEqual([1.5, 3.5, 5]);
  const padded = { ...how, padding: [0, 1] } as const;
  expect(list(avgPool2d(x, [1, 2], { ...padded, countPadding: true }))).toEqual([0.5, 2.5, 4.5]);
  expect(list(avgPool2d(x, [1, 4], { ...padded, countPadding: true }))).toEqual([1.5, 3.5, 3]);
  expect(list(avgPool2d(x, [1, 2], { divisor: 4 }))).toEqual([0.75, 1.75]);
});

test("their gradients with dilation and ceilMode", () => {
  const image = [1, 4, 5, 1];
  gradcheck((x) => maxPool2d(x, 2, { dilation: 2, strides: 1 }), [testValues(image)]);
  gradcheck((x) => maxPool2d(x, 2, { ceilMode: true }), [testValues(image)]);
  gradcheck((x) => avgPool2d(x, 3, { ceilMode: true, strides: 2 }), [testValues(image)]);
});

test("unfitting arguments are refused by name", () => {
  expect(() => maxPool2d(zeros([4, 4, 1]), 2)).toThrow(
    "maxPool2d: expected an image [n, height, width, channels], got [4, 4, 1]",
  );
  expect(() => avgPool2d(zeros([1, 4, 4, 1]), 0)).toThrow(
    "avgPool2d: expected a window of integers ≥ 1, got 0",
  );
  expect(() => avgPool2d(zeros([1, 4, 4, 1]), 2, { padding: 2 })).toThrow(
    "avgPool2d: expected less padding than the window 2×2",
  );
  expect(() => argMaxPool2d(zeros([1, 4, 4, 1]), 5)).toThrow(
    "argMaxPool2d: expected an image at least as large as the window, got [1, 4, 4, 1] under 5×5",
  );
  const x = zeros([1, 4, 4, 1]);
  const indices = zeros([1, 2, 2, 1], "int32");
  expect(() => gatherPool2d(x, x)).toThrow(
    "gatherPool2d: expected int32 indices, got float32; cast them",
  );
  expect(() => gatherPool2d(zeros([4, 4]), indices)).toThrow(
    "gatherPool2d: expected an image [n, height, width, channels], got [4, 4]",
  );
  expect(() => gatherPool2d(zeros([1, 4, 4, 2]), indices)).toThrow(
    "gatherPool2d: expected indices [1, rows, columns, 2], got [1, 2, 2, 1]",
  );
  expect(() => unpool2d(zeros([1, 2, 1, 1]), indices, 4)).toThrow(
    "unpool2d: expected indices of shape [1, 2, 1, 1], got [1, 2, 2, 1]",
  );
  expect(() => unpool2d(zeros([1, 2, 2, 1]), indices, 0)).toThrow(
    "unpool2d: expected an image size of integers ≥ 1, got 0",
  );
  expect(() => gatherPool2d(x, indices.add(16).cast("int32")).data()).toThrow(
    "gatherPool2d: expected indices below 16, the size of the axis, got 16",
  );
  expect(() => unpool2d(zeros([1, 2, 2, 1]), indices.sub(1).cast("int32"), 4).data()).toThrow(
    "unpool2d: expected indices below 16, the size of the axis, got -1",
  );
});
