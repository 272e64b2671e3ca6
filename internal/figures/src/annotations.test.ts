import type { Chart, Mark, Series } from "@tenon/experiments";
import fc from "fast-check";
import { expect, test } from "vitest";
import { annotationsOf, type Label } from "./annotations.js";
import { frameOf } from "./frame.js";
import { placeIn } from "./place.js";
import { words } from "./testing.js";
import { fontSize, lineHeight, textWidth } from "./text.js";

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const boxOf = ({ text, x, y }: Label, isMiddle = false): Box => {
  const width = textWidth(text, fontSize);
  const left = isMiddle ? x - width / 2 : x;
  const half = lineHeight / 2 - 1;
  return { text, left, right: left + width, top: y - half, bottom: y + half };
};

/** Where all texts around the plot stand. */
function boxesOf(chart: Chart, width: number): { boxes: Box[]; height: number } {
  const frame = frameOf(chart, words, width, 300);
  const { marks, ends, strips } = annotationsOf(chart, words, frame, placeIn(frame));
  return {
    height: frame.height,
    boxes: [
      ...marks.map((label) => boxOf(label, true)),
      ...ends.map((label) => boxOf(label)),
      ...strips.flatMap(({ lines }) => lines.map((label) => boxOf(label))),
    ],
  };
}

const apart = (a: Box, b: Box): boolean =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

function expectClear(chart: Chart, width: number): void {
  const { boxes, height } = boxesOf(chart, width);
  for (const [i, box] of boxes.entries()) {
    expect(box.left, box.text).toBeGreaterThanOrEqual(0);
    expect(box.right, box.text).toBeLessThanOrEqual(width);
    expect(box.top, box.text).toBeGreaterThanOrEqual(0);
    expect(box.bottom, box.text).toBeLessThanOrEqual(height);
    for (const other of boxes.slice(0, i))
      expect(apart(box, other), `${box.text} on ${other.text}`).toBe(true);
  }
}

const line = (arm: string, values: readonly number[]): Series => ({
  ...{ arm, kind: "line", points: values.map((y, x) => ({ x, y })) },
});
const axes = {
  x: { label: "epoch", scale: "linear" },
  y: { label: "loss", scale: "linear" },
} as const;

test("names of lines that are close to each other stand side by side, and in rows if need be", () => {
  const marks: Mark[] = ["best epoch", "stops here", "your rate"].map((label, i) => ({
    ...{ axis: "x" as const, value: 5 + i, label },
  }));
  const chart = {
    ...axes,
    series: [
      line(
        "a",
        Array.from({ length: 30 }, (_, i) => i),
      ),
    ],
    marks,
  };
  for (const width of [240, 340, 860]) expectClear(chart, width);
  expect(frameOf(chart, words, 860, 300).markRows).toHaveLength(1);
  expect(boxesOf(chart, 340).boxes.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["best epoch", "stops here", "your rate"]),
  );
});

test("names of horizontal lines stand among the names of lines", () => {
  const marks: Mark[] = [{ axis: "y", value: 0.9, label: "trained well: 90 %" }];
  const chart = { ...axes, series: [line("a", [0, 0.9]), line("b", [0, 0.91])], marks };
  expectClear(chart, 640);
  expect(boxesOf(chart, 640).boxes.map(({ text }) => text)).toContain("trained well: 90 %");
});

test("names of lines that grow stand at their last points, and no line leads through the plot", () => {
  const to29 = { ...axes.x, domain: [0, 29] } as const;
  const values = Array.from({ length: 10 }, (_, i) => i);
  const labelsOf = (series: Series[], x: Chart["x"]) => {
    const chart: Chart = { ...axes, x, series };
    const frame = frameOf(chart, words, 640, 300);
    const at = placeIn(frame);
    return { at, ends: annotationsOf(chart, words, frame, at).ends };
  };
  const growing = labelsOf([line("a", values), line("b", values.slice(0, 9))], to29);
  expect(growing.ends.map(({ x }) => x - growing.at.x(9))).toEqual([
    expect.closeTo(9, 0),
    expect.closeTo(9, 0),
  ]);
  // One that has ended early is named beside those that go on.
  const all = Array.from({ length: 30 }, (_, i) => i / 3);
  const ended = labelsOf([line("a", values), line("b", all), line("c", all)], to29);
  for (const { text, x, leader } of ended.ends) {
    expect(x).toBeCloseTo(ended.at.right + 9, 0);
    const from = Number(/^M([\d.]+)/.exec(leader ?? `M${ended.at.right}`)![1]);
    expect(from, text).toBeGreaterThanOrEqual(ended.at.right);
  }
});

test("a line that left the plot before its values were not finite is named by the strip alone", () => {
  const y = { ...axes.y, domain: [0, 2] } as const;
  const series = [line("a", [1, 1e9]), line("b", [1, 1])];
  const broken = [{ arm: "a", x: 1 }];
  const texts = boxesOf({ ...axes, y, series, broken }, 640).boxes.map(({ text }) => text);
  expect(texts.sort()).toEqual(["ReLU", "sigmoid: not finite from here on"]);
});

test("no text lies on another one or is cut, whatever is named", () => {
  const name = fc.constantFrom(
    ...["a", "b", "c", "λ", "without", "batch normalization", "residual, 32 layers", "bytes"],
    ...["정규화 없음", "분리된 감쇠, AdamW", "여기서 멈춤", "가장 좋은 에포크"],
  );
  const value = fc.double({ min: 0.1, max: 30, noNaN: true });
  const mark = fc.record({ axis: fc.constantFrom("x" as const, "y" as const), value, label: name });
  const series = fc.record({ arm: name, end: value });
  fc.assert(
    fc.property(
      fc.uniqueArray(series, { minLength: 1, maxLength: 8, selector: ({ arm }) => arm }),
      fc.uniqueArray(mark, { maxLength: 4, selector: ({ label }) => label }),
      fc.integer({ min: 260, max: 1000 }),
      fc.constantFrom("linear" as const, "log" as const),
      (lines, marks, width, scale) => {
        const [first] = lines;
        const chart: Chart = {
          ...{ x: axes.x, y: { label: "loss", scale }, marks },
          series: lines.map(({ arm, end }) => line(arm, [1, 2, end])),
          broken: [{ arm: first!.arm, x: 1 }],
        };
        expectClear(chart, width);
      },
    ),
    { numRuns: 200 },
  );
});
