import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { adaptiveAvgPool2d, adaptiveMaxPool2d } from "./adaptivePool2d.js";
import { ones, tensor } from "./leaf.js";

const size = fc.integer({ min: 1, max: 6 });

test("each window is that of the doc comment", () =>
  fc.assert(
    fc.property(size, size, size, size, (h, w, rows, columns) => {
      const { data } = testValues([h, w]);
      const x = tensor([...data], [1, h, w, 1]);
      const [mean, max] = [adaptiveAvgPool2d, adaptiveMaxPool2d].map((pool) =>
        pool(x, [rows, columns]).data(),
      ) as [Float32Array, Float32Array];
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const cells: number[] = [];
          for (let k = Math.floor((i * h) / rows); k < Math.ceil(((i + 1) * h) / rows); k++)
            for (let l = Math.floor((j * w) / columns); l < Math.ceil(((j + 1) * w) / columns); l++)
              cells.push(data[k * w + l]!);
          const at = i * columns + j;
          expect(max[at]).toBe(Math.fround(Math.max(...cells)));
          expect(mean[at]).toBeCloseTo(cells.reduce((a, b) => a + b) / cells.length, 5);
        }
    }),
  ));

test("their gradients", () => {
  gradcheck((x) => adaptiveAvgPool2d(x, [2, 3]), [testValues([2, 3, 4, 2])]);
  gradcheck((x) => adaptiveMaxPool2d(x, [2, 3]), [testValues([2, 3, 4, 2])]);
});

test("refuse what is no image", () => {
  expect(() => adaptiveAvgPool2d(ones([2, 2]), 1)).toThrow("adaptiveAvgPool2d: expected an image");
  expect(() => adaptiveMaxPool2d(ones([1, 2, 2, 1]), 0)).toThrow(
    "adaptiveMaxPool2d: expected a size of integers ≥ 1, got 0",
  );
});
