import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { golden, goldenFile } from "./index.js";

afterEach(() => vi.unstubAllEnvs());

test("each file is whole, as its manifest says, and its ids are unique", () => {
  vi.stubEnv("TENON_GOLDEN", undefined);
  const { files } = JSON.parse(new TextDecoder().decode(goldenFile("manifest.json"))) as {
    files: Record<string, { bytes: number; sha256: string; rows?: number }>;
  };
  expect(Object.keys(files).length).toBeGreaterThan(40);
  for (const [path, { sha256, rows }] of Object.entries(files)) {
    expect(createHash("sha256").update(goldenFile(path)).digest("hex"), path).toBe(sha256);
    if (rows === undefined) continue;
    const ids = golden(path.replace(/\.json$/, "")).map(({ id }) => id);
    expect(ids.length, path).toBe(rows);
    expect(new Set(ids).size, path).toBe(rows);
  }
});

test("another folder's rows; text that means a number becomes one in lists of numbers, at any depth, and nowhere else; a file left out has no rows, a folder with none is an error", () => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-golden-"));
  try {
    writeFileSync(
      join(folder, "some.json"),
      JSON.stringify([
        {
          id: "1",
          lib: "torch",
          name: "X",
          options: {
            norm_type: "Infinity",
            names: ["NaN", "mean"],
            of: ["toString"],
            bounds: [0, "Infinity"],
          },
          expected: [
            { w: { shape: [2], data: ["NaN", "-Infinity"] } },
            { w: { shape: [0], data: [] } },
          ],
          deep: [[1, "NaN"], [["Infinity"]]],
        },
      ]),
    );
    writeFileSync(join(folder, "some.bin"), Uint8Array.of(1, 2, 255));
    vi.stubEnv("TENON_GOLDEN", folder);
    expect(golden("some")).toEqual([
      {
        id: "1",
        lib: "torch",
        name: "X",
        options: {
          norm_type: "Infinity",
          names: ["NaN", "mean"],
          of: ["toString"],
          bounds: [0, Infinity],
        },
        expected: [{ w: { shape: [2], data: [NaN, -Infinity] } }, { w: { shape: [0], data: [] } }],
        deep: [[1, NaN], [[Infinity]]],
      },
    ]);
    expect(goldenFile("some.bin")).toEqual(Uint8Array.of(1, 2, 255));
    expect(golden("left out")).toEqual([]);
    rmSync(join(folder, "some.json"));
    expect(() => golden("some")).toThrow("some.json");
    vi.stubEnv("TENON_GOLDEN", join(folder, "elsewhere"));
    expect(() => golden("some")).toThrow("elsewhere");
    vi.stubEnv("TENON_GOLDEN", undefined);
    expect(() => golden("none")).toThrow("none.json");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
