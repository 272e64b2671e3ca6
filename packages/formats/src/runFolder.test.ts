import { mkdtemp, readdir, readFile, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "./runFolder.js";

const arrays = (x: number) => ({ "a/b": { shape: [2], dtype: "float32" as const, data: Float32Array.of(x, -x) } });

test("what was written last is read, and nothing else is left in the folder", async () => {
  const folder = runFolder(join(await mkdtemp(join(tmpdir(), "tenon-")), "new", "run"));
  await folder.write("last", arrays(1), { step: "1" });
  await folder.write("last", arrays(2), { step: "2" });
  expect(await folder.read("last")).toMatchObject({ tensors: { "a/b": { shape: [2], data: Float32Array.of(2, -2) } }, metadata: { step: "2" } });
  expect(await readdir(folder.path)).toEqual(["last.safetensors"]);
});

test("a write that fails leaves the old file as it was", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  await folder.write("last", arrays(1), {});
  const before = await readFile(folder.file("last"));
  await expect(folder.write("last", { bad: { shape: [3], dtype: "float32", data: new Float32Array(2) } }, {})).rejects.toThrow();
  expect(await readFile(folder.file("last"))).toEqual(before);
  expect(await readdir(folder.path)).toEqual(["last.safetensors"]);
});

test("a missing or damaged file is named", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  await expect(folder.read("best")).rejects.toThrow(/expected a checkpoint at .*best\.safetensors/);
  await folder.write("last", arrays(1), {});
  await truncate(folder.file("last"), 20);
  await expect(folder.read("last")).rejects.toThrow(/last\.safetensors is damaged/);
});
