import type { Chart, Series } from "@tenon/experiments";
import { expect, test } from "vitest";
import { isSame, isShowable, type Shown } from "./drawing.svelte.js";
import type { Frame } from "./protocol.js";

/** A chart with a line of so many points for each arm. */
const chart = (...counts: number[]): Chart => ({
  x: { label: "step", scale: "linear" },
  y: { label: "loss", scale: "linear" },
  series: counts.map((count, i): Series => ({
    ...{ arm: String(i), kind: "line" },
    points: Array.from({ length: count }, (_, x) => ({ x, y: 1 })),
  })),
});
const live = (...counts: number[]) => ({
  id: "loss",
  chart: chart(...counts),
  isNew: true,
  isComputed: false,
});
const made: Shown = { svg: "<svg/>" };
const drawn: Shown = { chart: chart(9, 9), run: 1, isRunning: false };
/** Where two arms are that have 30 steps each. */
const at = (...steps: readonly number[]): Frame["arms"] =>
  steps.map((step, i) => ({
    ...{ arm: String(i), step, steps: 30, code: "" },
    state: step === 30 ? "done" : "running",
  }));
const first = { isClaim: true, arms: at(15, 15), isRunning: true };

test("a made picture of the claim stays until every line has a third of its run", () => {
  expect(isShowable(live(3, 0), made, first)).toBe(false);
  expect(isShowable(live(1, 1), made, { ...first, arms: at(1, 1) })).toBe(false);
  expect(isShowable(live(9, 30), made, { ...first, arms: at(9, 30) })).toBe(false);
  expect(isShowable(live(10, 12), made, { ...first, arms: at(10, 12) })).toBe(true);
  const ended = [{ ...at(4)[0]!, state: "done" as const }, at(10)[0]!];
  expect(isShowable(live(4, 10), made, { ...first, arms: ended })).toBe(true);
});

test("a run that has ended, or is halted, shows what there is", () => {
  expect(isShowable(live(3, 0), made, { ...first, isRunning: false })).toBe(true);
  expect(isShowable(live(1, 1), made, { ...first, arms: at(1, 1), isRunning: false })).toBe(true);
});

test("others give way to the first point of a run, but not to an empty chart", () => {
  expect(isShowable(live(1, 0), made, { ...first, isClaim: false })).toBe(true);
  expect(isShowable(live(0, 0), made, { ...first, isClaim: false, isRunning: false })).toBe(false);
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
