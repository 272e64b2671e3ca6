import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { full, quick, share, stepsFor } from "./effort.js";
import { alone, flagsOf, names } from "./flags.js";
import { parts } from "./parts/parts.js";

test("without flags everything is measured", () => {
  expect(flagsOf([])).toEqual({
    only: ["W1", "W2", "W3", "gemm", "start", "overhead", "observe", "scaling"],
    contenders: names,
    quick: false,
  });
});

test("a quick run measures the works, and other parts only if they are named", () => {
  expect(flagsOf(["--quick"])).toMatchObject({ only: ["W1", "W2", "W3"], quick: true });
  expect(flagsOf(["--quick", "--only", "start,gemm"])).toMatchObject({
    only: ["start", "gemm"],
    quick: true,
  });
});

test("works, contenders and a file can be named", () => {
  const json = join(tmpdir(), "rows.json");
  expect(flagsOf(["--only", "gemm,scaling", "--contenders", "tenon-turbo"])).toEqual({
    only: ["gemm", "scaling"],
    contenders: ["tenon-turbo"],
    quick: false,
  });
  expect(
    flagsOf(["--only", "W1,W3", "--contenders", "tenon,jax-js", "--quick", "--json", json]),
  ).toEqual({ only: ["W1", "W3"], contenders: ["tenon", "jax-js"], quick: true, json });
});

test("unknown names are refused before anything runs", () => {
  expect(() => flagsOf(["--only", "W1,W4"])).toThrow(
    'bench: --only expects some of W1,W2,W3,gemm,start,overhead,observe,scaling with commas between, got "W4"; try --only W1',
  );
  expect(() => flagsOf(["--contenders", "tensorflow"])).toThrow(
    'got "tensorflow"; try --contenders tenon',
  );
  expect(() => flagsOf(["--json", join(tmpdir(), "not", "there", "rows.json")])).toThrow(
    "bench: --json expects a file in a folder that is there",
  );
});

test("fast contenders take more steps, slow ones fewer, none too few", () => {
  expect(stepsFor(full, 1)).toBe(3000);
  expect(stepsFor(full, 100)).toBe(200);
  expect(stepsFor(full, 1600)).toBe(100);
  expect(stepsFor(full, 20_000)).toBe(full.fewest);
  expect(stepsFor(quick, 1)).toBe(500);
});

test("the steps of the rounds are even and add up to all", () => {
  for (const steps of [0, 3, 12, 200, 3001]) {
    const shares = Array.from({ length: 20 }, (_, round) => share(steps, round, 20));
    expect(shares.reduce((a, b) => a + b)).toBe(steps);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  }
});

test("each part that can be named exists", () => {
  expect(Object.keys(parts)).toEqual([...alone]);
});
