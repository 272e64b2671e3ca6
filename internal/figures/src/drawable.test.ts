import type { Chart, Series } from "@tenon/experiments";
import { expect, test } from "vitest";
import { withoutCopies } from "./drawable.js";

const line = (arm: string, values: readonly number[], isFaint = false): Series => ({
  ...{ arm, kind: "line", points: values.map((y, x) => ({ x, y })) },
  ...(isFaint && { isFaint }),
});
const chart = (series: readonly Series[]): Chart => ({
  x: { label: "step", scale: "linear" },
  y: { label: "loss", scale: "linear" },
  series,
});

test("a pale line that lies under another line is left out, and no other", () => {
  const [one, ema, ensemble] = [
    line("one", [3, 2, 1]),
    line("ema", [3, 2, 1], true),
    line("ensemble", [3, 2, 2], true),
  ];
  expect(withoutCopies(chart([one, ema, ensemble])).series).toEqual([one, ensemble]);
  const shorter = line("stopped", [3, 2], true);
  expect(withoutCopies(chart([ensemble, shorter])).series).toEqual([ensemble]);
  const same = chart([one, line("two", [3, 2, 1]), ensemble]);
  expect(withoutCopies(same)).toBe(same);
});
