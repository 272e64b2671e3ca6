import type { Chart, Series } from "@tenon/experiments";
import { expect, test } from "vitest";
import { isSame, isShowable, type Shown } from "./drawing.svelte.js";

/** A chart with a line of so many points for each arm. */
const chart = (...counts: number[]): Chart => ({
  x: { label: "step", scale: "linear" },
  y: { label: "loss", scale: "linear" },
  series: counts.map((count, i): Series => ({
    ...{ arm: String(i), kind: "line" },
    points: Array.from({ length: count }, (_, x) => ({ x, y: 1 })),
  })),
});
const live = (...counts: number[]) => ({ id: "loss", chart: chart(...counts), isNew: true });
const made: Shown = { svg: "<svg/>" };
const drawn: Shown = { chart: chart(9, 9), run: 1, isRunning: false };
const first = { isFirst: true, isDone: false };

test("the first picture that was made stays until there is something of every line", () => {
  expect(isShowable(live(3, 0), made, first)).toBe(false);
  expect(isShowable(live(1, 1), made, first)).toBe(true);
  expect(isShowable(live(3, 0), made, { isFirst: true, isDone: true })).toBe(true);
});

test("others give way to the first point of a run, but not to an empty chart", () => {
  expect(isShowable(live(1, 0), made, { isFirst: false, isDone: false })).toBe(true);
  expect(isShowable(live(0, 0), made, { isFirst: false, isDone: true })).toBe(false);
});

test("a chart stays until a run that began anew has a line", () => {
  expect(isShowable(live(1, 1), drawn, first)).toBe(false);
  expect(isShowable({ ...live(5, 5), isNew: false }, drawn, first)).toBe(false);
  expect(isShowable(live(2, 0), drawn, first)).toBe(true);
});

test("what is shown already is not drawn again", () => {
  expect(isSame(made, { svg: "<svg/>" })).toBe(true);
  expect(isSame(drawn, { ...drawn })).toBe(true);
  expect(isSame(drawn, { ...drawn, isRunning: true } as Shown)).toBe(false);
  expect(isSame(drawn, made)).toBe(false);
  expect(isSame(undefined, made)).toBe(false);
});
