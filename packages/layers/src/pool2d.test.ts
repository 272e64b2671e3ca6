import { expect, test } from "vitest";
import { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d } from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

const x = { shape: [1, 3, 4, 1], data: [1, 5, 2, 0, -3, 4, 8, 7, 6, 6, 6, 6] };
const outputOf = (layer: ReturnType<typeof maxPool2d>): number[] =>
  Array.from(run(layer, { x }).y.data);

test("takes the largest or the mean under each window; what does not fit is left out", () => {
  expect(outputOf(maxPool2d())).toEqual([5, 8]);
  expect(outputOf(avgPool2d())).toEqual([1.75, 4.25]);
  expect(outputOf(maxPool2d([1, 2], { strides: 1 }))).toEqual([5, 5, 2, 4, 8, 8, 6, 6, 6]);
  expect(outputOf(avgPool2d(2, { padding: "same" }))).toEqual([1.75, 4.25, 6, 6]);
  expect(
    outputOf(
      avgPool2d([3, 1], {
        padding: [
          [2, 0],
          [0, 0],
        ],
        countPadding: true,
      }),
    ),
  ).toEqual([1 / 3, 5 / 3, 2 / 3, 0]);
});

test("over the whole image: one value for each channel, or a 1×1 image of them", () => {
  expect(outputOf(globalMaxPool2d())).toEqual([8]);
  expect(outputOf(globalAvgPool2d())).toEqual([4]);
  expect(globalAvgPool2d().plan([5, 6, 7]).output).toEqual([7]);
  expect(globalMaxPool2d({ keepDims: true }).plan([5, 6, 7]).output).toEqual([1, 1, 7]);
});

test("gradients agree with finite differences", () => {
  for (const layer of [
    maxPool2d(2),
    maxPool2d(3, { strides: 2, padding: 1 }),
    avgPool2d(2, { padding: "same" }),
    globalAvgPool2d(),
    globalMaxPool2d({ keepDims: true }),
  ])
    gradcheck(layer, [4, 5, 2], { batch: 1 });
});

test("names what it expected", () => {
  expect(() => maxPool2d().plan([784])).toThrow(
    "maxPool2d: expected an image [height, width, channels], got [784]",
  );
  expect(() => avgPool2d(5).plan([4, 4, 1])).toThrow(
    "avgPool2d: expected an image at least as large as the window",
  );
  expect(() => globalAvgPool2d().plan([4])).toThrow("globalAvgPool2d: expected an image");
  expect(() => globalMaxPool2d().plan([4])).toThrow("globalMaxPool2d: expected an image");
});
