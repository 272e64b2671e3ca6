import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { studyFolder, type StudyFolder } from "./node.js";

const arrays = (x: number) => ({
  "a/b": { shape: [2], dtype: "float32" as const, data: Float32Array.of(x, -x) },
});
const newFolder = async (): Promise<StudyFolder> =>
  studyFolder(join(await mkdtemp(join(tmpdir(), "tenon-")), "new", "study"));

test("what was written last under a name is read; where nothing was, undefined", async () => {
  const folder = await newFolder();
  expect(await folder.read("a seed 1")).toBe(undefined);
  await folder.write("a seed 1", arrays(1), { text: "before" });
  await folder.write("a seed 1", {}, { text: "after" });
  expect(await folder.read("a seed 1")).toEqual({ arrays: {}, metadata: { text: "after" } });
  expect(await folder.read("a seed 2")).toBe(undefined);
  expect(await readdir(folder.path)).toHaveLength(1);
});

test("any names have files of their own, which every system can have", async () => {
  const folder = await newFolder();
  const names = [
    ...["rate=0.5 seed 1", "RATE=0.5 seed 1", "../../etc/passwd", "a/b", "a\\b", "a b", "", "..."],
    ...["드롭아웃 0.5", "con", "x".repeat(500), "x".repeat(501), "a\0b", "__proto__"],
  ];
  for (const name of names) await folder.write(name, {}, { name });
  for (const name of names) expect((await folder.read(name))!.metadata["name"]).toBe(name);
  const files = await readdir(folder.path);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
  for (const file of files)
    expect(file).toMatch(/^[a-zA-Z0-9=][a-zA-Z0-9=.-]{0,120}\.safetensors$/);
  expect(folder.file("rate=0.5 seed 1")).toMatch(/\/rate=0\.5-seed-1-[0-9a-f]{12}\.safetensors$/);
});

test("a damaged file is refused by its name, never read as something else", async () => {
  const folder = await newFolder();
  await folder.write("a", arrays(1), { text: "1" });
  const whole = await readFile(folder.file("a"));
  for (const length of [0, 4, 20, whole.length - 1]) {
    await writeFile(folder.file("a"), whole);
    await truncate(folder.file("a"), length);
    await expect(folder.read("a")).rejects.toThrow(
      /^studyFolder: .*a-[0-9a-f]{12}\.safetensors is damaged: .*; delete it, and its run is done again$/,
    );
  }
  for (let i = 0; i < whole.length; i += 7) {
    const flipped = Uint8Array.from(whole);
    flipped[i]! ^= 4;
    await writeFile(folder.file("a"), flipped);
    await expect(folder.read("a"), `byte ${i}`).rejects.toThrow("is damaged");
  }
  await writeFile(folder.file("a"), whole);
  expect((await folder.read("a"))!.metadata).toEqual({ text: "1" });
});

test("one process has it at a time; that of one that is gone is taken over", async () => {
  const folder = await newFolder();
  const close = await folder.open();
  const lock = join(folder.path, "study.lock");
  expect(JSON.parse(await readFile(lock, "utf8"))).toMatchObject({ pid: process.pid });
  await expect(studyFolder(folder.path).open()).rejects.toThrow(
    `studyFolder: expected a folder that no other process writes to, got ${folder.path}, which ` +
      `process ${process.pid} on ${hostname()} has; wait for it, use another folder, or delete ` +
      `${lock} if it is over`,
  );
  close();
  expect(await readdir(folder.path)).toEqual([]);
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const holder = { pid: child.pid, host: hostname(), started: "1" };
  await writeFile(lock, JSON.stringify(holder));
  (await folder.open())();
  await writeFile(lock, JSON.stringify({ ...holder, host: "elsewhere" }));
  await expect(folder.open()).rejects.toThrow(`process ${child.pid} on elsewhere has`);
  // A process of that number lives, but it began at another time.
  await writeFile(lock, JSON.stringify({ ...holder, pid: process.pid }));
  if (process.platform === "linux") (await folder.open())();
});
