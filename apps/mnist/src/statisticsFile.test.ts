import { spawn, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outside } from "@tenon/terminal";
import type { StatisticsEvent } from "@tenon/trainer";
import { describe, expect, test } from "vitest";
import { statisticsFile, type StatisticsFile } from "./statisticsFile.js";
import { folder } from "./testing.js";

/** An event of a step; `padding`: to make its line longer. */
function eventOf(step: number, padding = 0): StatisticsEvent {
  const layer = { mean: 0.5, std: NaN, zeros: 0, dead: 0, saturated: 0, nonFinite: 1 / 3 };
  const ratios = { updateRatio: Infinity, nonFinite: 0 };
  const param = { size: 2, norm: 0, gradientNorm: 1, updateNorm: 0.1, ...ratios };
  const layers = { ["x".repeat(padding)]: layer };
  return {
    ...{ type: "statistics", step, epoch: 1, input: layer, layers },
    params: { "dense1/kernel": param, "dense1/bias": param },
  };
}

const lineOf = (step: number, padding = 0): string =>
  `${JSON.stringify(eventOf(step, padding), (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  )}\n`;

const ending = new AbortController();
const opened = (
  file: string,
  { resumedAt, warn = () => {} }: { resumedAt?: number; warn?: (text: string) => void } = {},
): Promise<StatisticsFile> =>
  statisticsFile(file, {
    resumedAt,
    params: ["dense1/kernel", "dense1/bias"],
    outside: { warn, ending: ending.signal } as Outside,
  });

async function writeAll(file: StatisticsFile, steps: readonly number[]): Promise<void> {
  for (const step of steps) await file.write(eventOf(step));
  await file.close();
}

describe("a file", () => {
  test("holds a line for each event, with NaN and Infinity in words", async () => {
    const path = join(await folder(), "s.jsonl");
    await writeAll(await opened(path), [1, 51, 101]);
    const text = await readFile(path, "utf8");
    expect(text).toBe(lineOf(1) + lineOf(51) + lineOf(101));
    expect(JSON.parse(text.split("\n")[0]!)).toMatchObject({
      ...{ type: "statistics", step: 1, input: { mean: 0.5, std: "NaN" } },
      params: { "dense1/bias": { updateRatio: "Infinity" } },
    });
  });

  test("may be there if it is empty; of another content it is refused and left alone", async () => {
    const path = join(await folder(), "s.jsonl");
    await writeFile(path, "");
    await writeAll(await opened(path), [1]);
    const refused =
      /--observe expects a new file, got .*s\.jsonl, which is not empty; name another/;
    await expect(opened(path)).rejects.toThrow(refused);
    expect(await readFile(path, "utf8")).toBe(lineOf(1));
  });

  test("needs a folder that exists, and is not a folder itself", async () => {
    const path = await folder();
    await expect(opened(join(path, "a", "b"))).rejects.toThrow(
      /--observe expects a folder that is there, got .*a; make it first/,
    );
    await expect(opened(path)).rejects.toThrow(/--observe expects a file, got the folder/);
    await writeFile(join(path, "file"), "");
    await expect(opened(join(path, "file", "b"))).rejects.toThrow("a part of the path is a file");
  });

  test("of a resumed run loses the steps after the checkpoint and half a line", async () => {
    const path = join(await folder(), "s.jsonl");
    const ofAnotherTry = lineOf(101).replace("0.5", "0.7");
    for (const half of ["", lineOf(151).slice(0, 70)]) {
      await writeFile(path, lineOf(1) + lineOf(51) + ofAnotherTry + half);
      await writeAll(await opened(path, { resumedAt: 60 }), [101, 151]);
      expect(await readFile(path, "utf8")).toBe([1, 51, 101, 151].map((n) => lineOf(n)).join(""));
    }
    // Also where nothing was saved, and where there is no file.
    await writeAll(await opened(path, { resumedAt: 0 }), [1]);
    expect(await readFile(path, "utf8")).toBe(lineOf(1));
    await writeAll(await opened(`${path}2`, { resumedAt: 60 }), [101]);
    expect(await readFile(`${path}2`, "utf8")).toBe(lineOf(101));
  });

  test("of something else is not touched by a resumed run", async () => {
    const path = join(await folder(), "s.jsonl");
    const others = ["important\n", '{"type":"epoch"}\n', "null\n"];
    for (const text of [...others, lineOf(1).replaceAll("dense1", "conv1")]) {
      await writeFile(path, text);
      await expect(opened(path, { resumedAt: 60 })).rejects.toThrow(
        /--observe expects a new file, or the statistics of this run to go on with, got .*s\.jsonl/,
      );
      expect(await readFile(path, "utf8")).toBe(text);
    }
  });
});

test("a disk that becomes full is said once; what is there is whole", async ({ skip }) => {
  const disk = join(await folder(), "disk");
  await mkdir(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk]).status !== 0)
    skip("no small disk can be made here: it needs the rights to mount one");
  try {
    const [path, said] = [join(disk, "s.jsonl"), [] as string[]];
    const file = await opened(path, { warn: (text) => said.push(text) });
    const steps = Array.from({ length: 60 }, (_, i) => i + 1);
    await writeAll(file, steps);
    expect(file.failed()).toBe(true);
    expect(said).toEqual([
      `cannot write to ${path}: no space is left on the disk; the run goes on without it, and ` +
        "what is there is whole",
    ]);
    const text = await readFile(path, "utf8");
    const { length } = text.trimEnd().split("\n");
    expect(length).toBeGreaterThan(10);
    expect(text).toBe(
      steps
        .slice(0, length)
        .map((n) => lineOf(n))
        .join(""),
    );
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
});

describe.skipIf(process.platform === "win32")("a pipe", () => {
  const pipe = async (): Promise<string> => {
    const path = join(await folder(), "pipe");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    return path;
  };
  /** A reader of a pipe, once it has opened it. */
  async function reader(command: string, path: string) {
    const child = spawn("sh", ["-c", `exec < "${path}"; echo open >&2; ${command}`]);
    let out = "";
    child.stdout.on("data", (text: Buffer) => (out += text.toString()));
    const done = new Promise<string>((resolve) => child.on("close", () => resolve(out)));
    return { done };
  }
  /** Opens the pipe once it has a reader. */
  async function openedPipe(path: string, warn?: (text: string) => void): Promise<StatisticsFile> {
    for (let i = 0; i < 500; i++) {
      const file = await opened(path, warn && { warn }).catch(() => undefined);
      if (file) return file;
      await sleep(10);
    }
    throw new Error("no reader came");
  }

  test("without a reader is one sentence, at once", async () => {
    await expect(opened(await pipe())).rejects.toThrow(
      /cannot write to .*pipe: nothing is behind it/,
    );
  });

  test("with a slow reader gets every line whole", async () => {
    const path = await pipe();
    const { done } = await reader("sleep 0.2; cat", path);
    const file = await openedPipe(path);
    const steps = Array.from({ length: 40 }, (_, i) => i);
    for (const step of steps) await file.write(eventOf(step, 5000));
    await file.close();
    expect(await done).toBe(steps.map((step) => lineOf(step, 5000)).join(""));
    expect(file.failed()).toBe(false);
  });

  test("whose reader has read enough is no failure", async () => {
    const [path, said] = [await pipe(), [] as string[]];
    const { done } = await reader("head -n 1", path);
    const file = await openedPipe(path, (text) => said.push(text));
    await file.write(eventOf(1));
    expect(await done).toBe(lineOf(1));
    await writeAll(file, [2, 3, 4]);
    expect(said).toEqual([
      `cannot write to ${path}: nothing reads it any more; the run goes on without it`,
    ]);
    expect(file.failed()).toBe(false);
  });
});
