import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { tablesOf } from "./figures.js";
import type { Outcome } from "./outcome.js";

const outcome = (name: string, lines: unknown[], more: Partial<Outcome> = {}): Outcome => ({
  part: { name, command: "", args: [], isPeer: false, seconds: 1 },
  ...{ state: "passed", why: "", seconds: 12.3, lines },
  ...more,
});

/** The cells of each line of a table. */
const cellsOf = (drawn: string): string[][] =>
  stripVTControlCharacters(drawn)
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("│")
        .map((cell) => cell.trim()),
    );

test("times are compared with Tenon's of the same kind, losses where no masks are drawn", () => {
  const [times, parts] = tablesOf([
    outcome("tenon", [
      { adapter: {} },
      { contender: "Tenon, fed rows", work: "W1", waiting: 0.2, together: 0.1, losses: [2, 1] },
      { contender: "Tenon, fed rows", work: "W3", waiting: 0.5, together: 0.25, losses: [2, 1] },
    ]),
    outcome("jax", [
      { contender: "JAX, scan", work: "W1", together: 0.05 },
      { contender: "other", work: "W1", waiting: 2022, losses: [2, 1.25, 7] },
      { contender: "other", work: "W3", waiting: 1, losses: [9] },
    ]),
    outcome("suite", [], { state: "failed", why: "status 1: Error: no" }),
  ]);
  expect(cellsOf(times!)).toEqual([
    [
      "ms a step (times Tenon's)",
      ...["W1, back to back", "W3, back to back", "W1, each loss read", "W3, each loss read"],
      "first losses apart",
    ],
    ["Tenon, fed rows", "0.100", "0.250", "0.200", "0.500", ""],
    ["JAX, scan", "0.0500 (0.50)", "", "", "", ""],
    ["other", "", "", "2022 (10110)", "1.00 (2.00)", "3e-1"],
  ]);
  expect(cellsOf(parts!).slice(1)).toEqual([
    ["tenon", "passed", "", "12"],
    ["jax", "passed", "", "12"],
    ["suite", "failed", "status 1: Error: no", "12"],
  ]);
});

test("products and runs have tables of their own", () => {
  const [products, runs] = tablesOf([
    outcome("tenon", [{ product: 2048, kernel: "", ms: 0.5123, tflops: 33.5, error: 0 }]),
    outcome("train", [
      { recipe: "fast", seed: 1, seconds: 4.5, loss: 0.1, accuracy: 0.99 },
      { recipe: "fast", seed: 2, seconds: 0.47, loss: 0.1, accuracy: 0.9927 },
    ]),
  ]);
  expect(cellsOf(products!)[1]).toEqual(["2048³", "0.512", "33.5"]);
  expect(cellsOf(runs!).slice(1)).toEqual([
    ["seed 1", "made in it", "4.5", "99.00"],
    ["seed 2", "made before", "0.47", "99.27"],
  ]);
});
