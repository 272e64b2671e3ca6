import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "./runFolder.js";

const arrays = (x: number) => ({
  "a/b": { shape: [2], dtype: "float32" as const, data: Float32Array.of(x, -x) },
});

test("what was written last is read, and nothing else is left in the folder", async () => {
  const folder = runFolder(join(await mkdtemp(join(tmpdir(), "tenon-")), "new", "run"));
  await folder.write("last", arrays(1), { step: "1" });
  await folder.write("last", arrays(2), { step: "2" });
  expect(await folder.read("last")).toMatchObject({
    tensors: { "a/b": { shape: [2], data: Float32Array.of(2, -2) } },
    metadata: { step: "2" },
  });
  expect(await readdir(folder.path)).toEqual(["last.safetensors"]);
});

test("a write that fails leaves the old file as it was", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  await folder.write("last", arrays(1), {});
  const before = await readFile(folder.file("last"));
  await expect(
    folder.write("last", { bad: { shape: [3], dtype: "float32", data: new Float32Array(2) } }, {}),
  ).rejects.toThrow();
  expect(await readFile(folder.file("last"))).toEqual(before);
  expect(await readdir(folder.path)).toEqual(["last.safetensors"]);
});

test("what a killed writer left is removed, what a living one writes is not", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const [dead, living] = [child.pid!, process.ppid].map((pid) => `best.safetensors.${pid}.tmp`);
  for (const name of [dead!, living!, "notes.tmp"])
    await writeFile(join(folder.path, name), "half");
  await folder.write("last", arrays(1), {});
  expect((await readdir(folder.path)).sort()).toEqual(
    [living, "last.safetensors", "notes.tmp"].sort(),
  );
});

test("a bit that was flipped since is found, and the array named", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  await folder.write("best", arrays(1), { step: "1" });
  const bytes = await readFile(folder.file("best"));
  bytes[bytes.length - 1]! ^= 0x40; // the exponent of −1, which becomes −2¹²⁸ or so
  await writeFile(folder.file("best"), bytes);
  await expect(folder.read("best")).rejects.toThrow(
    /best\.safetensors is damaged: readSafetensors: tensor "a\/b" is damaged/,
  );
});

test("a missing or damaged file is named", async () => {
  const folder = runFolder(await mkdtemp(join(tmpdir(), "tenon-")));
  await expect(folder.read("best")).rejects.toThrow(/expected a checkpoint at .*best\.safetensors/);
  await folder.write("last", arrays(1), {});
  await truncate(folder.file("last"), 20);
  await expect(folder.read("last")).rejects.toThrow(/last\.safetensors is damaged/);
});
