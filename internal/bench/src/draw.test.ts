import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { furtherRows, drawn } from "./draw.js";
import type { Row } from "./rows.js";

const row = (work: string, contender: string, threads: number, more: Partial<Row> = {}): Row => ({
  work,
  contender,
  version: "1.2",
  runtime: "Node 20",
  threads,
  msPerStep: 1.5,
  ratioToTenon: 1,
  firstLoss: 2.3,
  finalLoss: 0.2,
  steps: 200,
  firstStepSeconds: 0.25,
  memoryMB: 130,
  note: "",
  ...more,
});
const cells = (text: string): string[][] =>
  stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test("a row has the contender, its runtime, its speed, and whether it learned", () => {
  expect(
    cells(
      drawn([
        row("W1", "tenon", 2),
        row("W1", "brain.js", 1, { msPerStep: null, ratioToTenon: null, runtime: "Node 24" }),
        row("W1", "tfjs-cpu", 1, { msPerStep: 27_842.3, ratioToTenon: 2594 }),
      ]),
    ),
  ).toEqual([
    ["contender", "on", "threads", "ms a step", "× Tenon", "loss", "steps"],
    ["tenon", "Node 20", "2", "1.50", "1.00", "2.30 → 0.20", "200"],
    ["brain.js 1.2", "Node 24", "1", "not timed", "", "2.30 → 0.20", "200"],
    ["tfjs-cpu 1.2", "Node 20", "1", "27842", "2594.00", "2.30 → 0.20", "200"],
  ]);
});

test("memory and first steps have a column for each work, empty without a value", () => {
  const rows = [
    row("W1", "tenon", 1),
    row("W1", "tenon", 1, { runtime: "Node 24", memoryMB: 190 }),
    row("W3", "tenon", 1, { memoryMB: 140, firstStepSeconds: 0.3 }),
  ];
  expect(cells(furtherRows(rows, true))).toEqual([
    ["contender", "on", "threads", "W1, MB", "W3, MB", "W1, s", "W3, s"],
    ["tenon", "Node 20", "1", "130", "140", "0.25", "0.30"],
    ["tenon", "Node 24", "1", "190", "", "0.25", ""],
  ]);
  expect(cells(furtherRows(rows, false))[0]).toEqual([
    "contender",
    "on",
    "threads",
    "W1, MB",
    "W3, MB",
  ]);
});

test("tables of the longest names fit a terminal of 120 columns", () => {
  const widest = row("W1", "keras", 8, {
    version: "3.15.1 on TensorFlow 2.21.0",
    runtime: "Python 3.11.7",
    msPerStep: 27_842,
    ratioToTenon: 2594,
    steps: 3000,
    memoryMB: 1792,
    firstStepSeconds: 15.31,
  });
  for (const text of [
    drawn([widest]),
    furtherRows([widest, { ...widest, work: "W2" }, { ...widest, work: "W3" }], true),
  ]) {
    expect(
      Math.max(
        ...stripVTControlCharacters(text)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
  }
});
