import { spawn } from "node:child_process";
import { chmod, cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensors } from "@tenon/formats";
import { expect, test } from "vitest";
import { bundled, dataFolder, firstDigits, folder, refused, result, type Run } from "./testing.js";

const { run, path } = bundled("edges");
const few = await firstDigits(3200);
const quick = ["--model", "mlp", ...few, "--limit", "320", "--epochs", "1"];

test("runs that start in the same second have folders of their own", async () => {
  const cwd = await folder();
  const runs = await Promise.all(
    [1, 2, 3, 4].map((seed) => run([...quick, "--json", "--seed", `${seed}`], { cwd })),
  );
  const folders = runs.map((done) => result(done)["folder"] as string);
  expect(new Set(folders).size).toBe(4);
  const seeds = await Promise.all(
    folders.map(
      async (path) =>
        (JSON.parse(await readFile(join(path, "config.json"), "utf8")) as { seed: number }).seed,
    ),
  );
  expect(seeds).toEqual([1, 2, 3, 4]);
  for (const path of folders)
    expect((await readdir(path)).sort()).toEqual([
      "best.safetensors",
      "config.json",
      "history.jsonl",
      "last.safetensors",
    ]);
});

test(
  "a folder belongs to one run: a second one, and a resumed one, are refused; what a " +
    "killed one left is taken over",
  async () => {
    const out = join(await folder(), "run");
    const long = ["--model", "mlp", ...few, "--epochs", "500", "--json", "--out", out];
    let others: Promise<Run[]> | undefined;
    const killed = await run(long, {
      watch: (text, kill) => {
        if (!text.includes('"epoch":1,')) return;
        others ??= Promise.all([run(long), run(["resume", out])]);
        void others.then(() => kill("SIGKILL"));
      },
    });
    const [second, resumed] = await others!;
    refused(second!, 2, /expected a folder without a run/);
    refused(
      resumed!,
      1,
      /another run is writing to .*run \(process \d+\); wait for it or use another folder/,
    );
    expect(killed.signal).toBe("SIGKILL");
    // It left a lock, and may have left files half-written.
    expect(await readdir(out)).toContain("run.lock");
    for (const name of ["last.safetensors.99.tmp", "config.json.tmp", "history.jsonl.tmp"])
      await writeFile(join(out, name), "half");
    const next = `${(await epochsAt(out))[1] + 1}`;
    expect((await run(["resume", out, "--epochs", next, "--json"])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      "best.safetensors",
      "config.json",
      "history.jsonl",
      "last.safetensors",
    ]);
  },
);

test("of two runs that start at once with one --out, one runs and one is refused", async () => {
  const out = join(await folder(), "run");
  const both = await Promise.all(
    [1, 2].map((seed) =>
      run(["--model", "mlp", ...few, "--epochs", "9", "--json", "--seed", `${seed}`, "--out", out]),
    ),
  );
  expect(both.map(({ code }) => code).sort()).not.toEqual([0, 0]);
  const good = both.find(({ code }) => code === 0)!;
  const other = both.find((done) => done !== good)!;
  expect(other.err).toMatch(/another run is writing to|expected a folder without a run/);
  expect(result(await run(["evaluate", out, "--json"]))["weightsSha256"]).toBe(
    result(good)["weightsSha256"],
  );
});

/** Runs a shell line with the app as `$APP`; gives the codes of its pipeline. */
function shell(line: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", line], {
      env: { ...process.env, NO_COLOR: "1", APP: path(), NODE: process.execPath },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
const unix = process.platform !== "win32";

/** The epochs of a run's history, and of its checkpoint. */
async function epochsAt(out: string): Promise<readonly [number, number]> {
  const { metadata } = readSafetensors(await readFile(join(out, "last.safetensors")));
  return [
    (await readFile(join(out, "history.jsonl"), "utf8")).split("\n").length - 1,
    (JSON.parse(metadata["tenon.progress"]!) as { epoch: number }).epoch,
  ];
}

test.runIf(unix)("a pipe that is closed ends it quietly; what was trained is kept", async () => {
  const out = join(await folder(), "run");
  const piped = await shell(
    `"$NODE" "$APP" --model mlp ${few.join(" ")} --epochs 90 --json --out ${out} | head ` +
      `-2; exit \${PIPESTATUS[0]}`,
  );
  expect(piped.code).toBe(141); // as of a program that SIGPIPE ended
  expect(piped.err).toMatch(
    /^Stopped after \d+ steps; nothing is lost\. Go on with: npm start -- resume .*\n$/,
  );
  const [lines, epochs] = await epochsAt(out);
  expect(lines).toBe(epochs);
  expect(epochs).toBeGreaterThan(0);
  for (const rest of ["--help", "summary", `evaluate ${out}`]) {
    const closed = await shell(`"$NODE" "$APP" ${rest} | true; exit \${PIPESTATUS[0]}`);
    expect([0, 141]).toContain(closed.code);
    expect(closed.err).toBe("");
  }
  expect(
    (await shell(`{ "$NODE" "$APP" --colour; } 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`))
      .code,
  ).toBe(2);
});

test.runIf(unix && process.platform === "linux")(
  "a full disk under the output is one sentence; what was trained is kept",
  async () => {
    const out = join(await folder(), "run");
    for (const rest of ["--help", "summary", "--version".replace("version", "help")]) {
      const full = await shell(`"$NODE" "$APP" ${rest} > /dev/full`);
      expect(full).toMatchObject({
        code: 1,
        err: "cannot write the output: no space is left on the disk\n",
      });
    }
    const full = await shell(
      `"$NODE" "$APP" ${quick.join(" ")} --epochs 2 --json --out ${out} > /dev/full`,
    );
    expect(full.code).toBe(1);
    expect(full.err).toMatch(
      /^cannot write the output: no space is left on the disk\nStopped after \d+ steps; nothing is lost/,
    );
    expect((await run(["resume", out, "--json"])).code).toBe(0);
    const people = await shell(`"$NODE" "$APP" resume ${out} --epochs 3 > /dev/full`);
    expect(people.code).toBe(1);
    expect(people.err).toContain("nothing is lost. Go on with: npm start -- resume");
    // Nothing of it is printed, and the exit code is right.
    expect((await shell(`"$NODE" "$APP" --colour 2> /dev/full`)).code).toBe(2);
  },
);

test(
  "a disk that is full, in the middle of a run: the last checkpoint is whole and the " +
    "history in step with it",
  async ({ skip }) => {
    const disk = await folder();
    const mounted = await shell(`mount -t tmpfs -o size=3500k tmpfs ${disk}`);
    if (mounted.code !== 0)
      skip("no small disk can be made here: it needs the rights to mount one");
    try {
      const out = join(disk, "run");
      // A checkpoint is 0.4 MB at first, with the best epoch's weights 1.6 MB; with the next one
      // next to it nothing else fits.
      const args = ["--model", "mlp", ...few, "--limit", "640", "--epochs", "9", "--json"];
      const full = await run([...args, "--out", out]);
      expect(full.code).toBe(1);
      expect(full.err).toMatch(
        /^cannot write to .*run: no space is left on the disk; the checkpoint of step \d+ is whole: when that is mended, go on with: npm start -- resume .*\n$/,
      );
      const [lines, epochs] = await epochsAt(out).catch(async () => [0, 0] as const);
      expect(lines).toBe(epochs);
      expect((await readdir(out)).filter((name) => /tmp|lock/.test(name))).toEqual([]);
      expect((await shell(`mount -o remount,size=20m ${disk}`)).code).toBe(0);
      const [resumed, whole] = [
        await run(["resume", out, "--json"]),
        await run([...args, "--out", join(disk, "whole")]),
      ];
      expect(result(resumed)["weightsSha256"]).toBe(result(whole)["weightsSha256"]);
    } finally {
      await shell(`umount ${disk}`);
    }
  },
);

test("impossible folders for a run are refused before anything is created", async () => {
  const cwd = await folder();
  const file = join(cwd, "file");
  await writeFile(file, "text");
  refused(
    await run([...quick, "--out", file], { cwd }),
    2,
    /--out expects a folder, got the file file/,
  );
  refused(
    await run([...quick, "--out", join(file, "below")], { cwd }),
    1,
    /cannot write to file\/below: a part of the path is a file/,
  );
  for (const args of [
    ["--out", ""],
    ["--data", ""],
    ["resume", ""],
    ["evaluate", ""],
    ["predict", ""],
    ["evaluate", cwd, "--data", ""],
  ])
    refused(await run(args, { cwd }), 2, /expects a folder, got ""/);
  refused(
    await run([...quick, "--out", `x${"y".repeat(300)}`], { cwd }),
    1,
    /cannot write to .*: the name is too long/,
  );
  await symlink("nowhere", join(cwd, "link"));
  refused(
    await run([...quick, "--out", join(cwd, "link")], { cwd }),
    1,
    /cannot write to link: a part of the path is not there/,
  );
  refused(await run(["resume", file], { cwd }), 1, /expected the folder of a run/);
  refused(
    await run(
      ["--epochs", "1", "--batch-size", "64", "--validation-split", "0.999", "--limit", "10"],
      { cwd },
    ),
    2,
    /--validation-split 0.999 of 10 images/,
  );
  expect((await readdir(cwd)).sort()).toEqual(["file", "link"]);
  if (process.getuid?.() === 0) return; // root may write anywhere
  await chmod(cwd, 0o500);
  refused(await run([...quick], { cwd }), 1, /cannot write to runs: there is no permission/);
  await chmod(cwd, 0o700);
});

test("a failure before the first step leaves no folder, and none of those made for it", async () => {
  const cwd = await folder();
  const data = await dataFolder();
  // Images of 8×8 are too small for two convolutions and pools.
  refused(
    await run(["--data", data, "--out", join(cwd, "a", "b")], { cwd }),
    2,
    /expects larger images than those in .*, which are 8×8/,
  );
  refused(
    await run(["--data", data], { cwd }),
    2,
    /expects larger images than those in .*, which are 8×8/,
  );
  expect(await readdir(cwd)).toEqual([]);
});

test("any seed of 32 bits will do", async () => {
  const out = join(await folder(), "run");
  const least = await run([...quick, "--json", "--seed=-2147483648", "--out", out]);
  expect(least).toMatchObject({ code: 0, err: "" });
  refused(
    await run([...quick, "--seed=-2147483649"]),
    2,
    /--seed expects a whole number from -2147483648 to 2147483647/,
  );
});

test("the commands that it prints can be pasted into a shell", async () => {
  const cwd = await folder();
  const out = join(cwd, "my runs", "it's $HOME; a b");
  const data = join(cwd, "my data");
  await cp(await dataFolder(), data, { recursive: true });
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "2", "--out", out], {
    cwd,
  });
  expect(done.code).toBe(0);
  const commands = [...done.out.matchAll(/^ {2}npm start -- (.*?)(?: {2}.*)?$/gm)].map(
    ([, words]) => words!,
  );
  expect(commands.length).toBeGreaterThan(3);
  for (const words of commands.filter((each) => /predict|resume|dropout/.test(each))) {
    const pasted = await shell(`cd ${JSON.stringify(cwd)} && "$NODE" "$APP" ${words}`);
    expect(pasted.code, words + pasted.err).toBe(0);
  }
  const again = await run(["--out", out], { cwd });
  refused(again, 2, /go on with: npm start -- resume /);
  expect(
    (
      await shell(
        `cd ${JSON.stringify(cwd)} && "$NODE" "$APP" ` +
          `${again.err.trim().split("npm start -- ")[1]!}`,
      )
    ).code,
  ).toBe(0);
});
