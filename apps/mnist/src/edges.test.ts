import { spawn } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { readSafetensors, writeSafetensors } from "@tenon/formats";
import { beforeAll, expect, test } from "vitest";
import { built, dataFolder, events, folder, idx, names, result, runApp, type Run, type Settings } from "./testing.js";

let app: string;
beforeAll(async () => { app = await built("edges"); });

const run = (args: readonly string[], settings?: Settings): Promise<Run> => runApp(app, args, settings);
const quick = ["--model", "mlp", "--limit", "320", "--epochs", "1"];

/** Ended with one sentence that says this. */
function refused(done: Run, code: number, message: string | RegExp): void {
  expect(done.err).toMatch(message);
  expect(done).toMatchObject({ code, out: "" });
  expect(done.err.trim().split("\n")).toHaveLength(1);
}

test("runs that start in the same second have folders of their own", async () => {
  const cwd = await folder();
  const runs = await Promise.all([1, 2, 3, 4].map((seed) => run([...quick, "--json", "--seed", `${seed}`], { cwd })));
  const folders = runs.map((done) => result(done)["folder"] as string);
  expect(new Set(folders).size).toBe(4);
  const seeds = await Promise.all(folders.map(async (at) => (JSON.parse(await readFile(join(at, "config.json"), "utf8")) as { seed: number }).seed));
  expect(seeds).toEqual([1, 2, 3, 4]);
  for (const at of folders) expect((await readdir(at)).sort()).toEqual(["best.safetensors", "config.json", "history.jsonl", "last.safetensors"]);
}, 60_000);

test("a folder is one run's alone: a second one, and a resumed one, are told so; what a killed one left is taken over", async () => {
  const out = join(await folder(), "run"), long = ["--model", "mlp", "--epochs", "50", "--json", "--out", out];
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
  refused(resumed!, 1, /another run is writing to .*run \(process \d+\); wait for it or use another folder/);
  expect(killed.signal).toBe("SIGKILL");
  // It left a lock, and may have left files half-written.
  expect(await readdir(out)).toContain("run.lock");
  for (const name of ["last.safetensors.99.tmp", "config.json.tmp", "history.jsonl.tmp"]) await writeFile(join(out, name), "half");
  expect((await run(["resume", out, "--epochs", "2", "--json"])).code).toBe(0);
  expect((await readdir(out)).sort()).toEqual(["best.safetensors", "config.json", "history.jsonl", "last.safetensors"]);
}, 60_000);

test("of two runs that start at once with one --out, one goes and one is told", async () => {
  const out = join(await folder(), "run"), both = await Promise.all([1, 2].map((seed) => run(["--model", "mlp", "--epochs", "2", "--json", "--seed", `${seed}`, "--out", out])));
  expect(both.map(({ code }) => code).sort()).not.toEqual([0, 0]);
  const good = both.find(({ code }) => code === 0)!, other = both.find((done) => done !== good)!;
  expect(other.err).toMatch(/another run is writing to|expected a folder without a run/);
  expect(result(await run(["evaluate", out, "--json"]))["weightsSha256"]).toBe(result(good)["weightsSha256"]);
}, 60_000);

/** Runs a shell line with the app as `$APP`; gives the codes of its pipeline. */
function shell(line: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", line], { env: { ...process.env, NO_COLOR: "1", APP: app, NODE: process.execPath }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "", err = "";
    child.stdout.on("data", (text: Buffer) => { out += text.toString(); });
    child.stderr.on("data", (text: Buffer) => { err += text.toString(); });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
const unix = process.platform !== "win32";

/** The epochs of a run's history, and of its checkpoint. */
async function epochsAt(out: string): Promise<readonly [number, number]> {
  const { metadata } = readSafetensors(await readFile(join(out, "last.safetensors")));
  return [(await readFile(join(out, "history.jsonl"), "utf8")).split("\n").length - 1, (JSON.parse(metadata["tenon.progress"]!) as { epoch: number }).epoch];
}

test.runIf(unix)("a pipe that is closed ends it quietly; what was trained is kept", async () => {
  const out = join(await folder(), "run");
  const piped = await shell(`"$NODE" "$APP" --model mlp --limit 3200 --epochs 30 --json --out ${out} | head -2; exit \${PIPESTATUS[0]}`);
  expect(piped.code).toBe(141); // as of a program that SIGPIPE ended
  expect(piped.err).toMatch(/^Stopped after \d+ steps; nothing is lost\. Go on with: npm start -- resume .*\n$/);
  const [lines, epochs] = await epochsAt(out);
  expect(lines).toBe(epochs);
  expect(epochs).toBeGreaterThan(0);
  for (const rest of ["--help", "summary", `evaluate ${out}`]) {
    const closed = await shell(`"$NODE" "$APP" ${rest} | true; exit \${PIPESTATUS[0]}`);
    expect([0, 141]).toContain(closed.code);
    expect(closed.err).toBe("");
  }
  expect((await shell(`{ "$NODE" "$APP" --colour; } 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`)).code).toBe(2);
}, 60_000);

test.runIf(unix && process.platform === "linux")("a full disk under the output is one sentence; what was trained is kept", async () => {
  const out = join(await folder(), "run");
  for (const rest of ["--help", "summary", "--version".replace("version", "help")]) {
    const full = await shell(`"$NODE" "$APP" ${rest} > /dev/full`);
    expect(full).toMatchObject({ code: 1, err: "cannot write the output: no space is left on the disk\n" });
  }
  const full = await shell(`"$NODE" "$APP" --model mlp --limit 320 --epochs 2 --json --out ${out} > /dev/full`);
  expect(full.code).toBe(1);
  expect(full.err).toMatch(/^cannot write the output: no space is left on the disk\nStopped after \d+ steps; nothing is lost/);
  expect((await run(["resume", out, "--json"])).code).toBe(0);
  // Nothing of it is heard, and the code is right.
  expect((await shell(`"$NODE" "$APP" --colour 2> /dev/full`)).code).toBe(2);
}, 60_000);

test("a disk that is full, in the middle of a run: the last checkpoint is whole and the history in step with it", async ({ skip }) => {
  const at = await folder(), mounted = await shell(`mount -t tmpfs -o size=3500k tmpfs ${at}`);
  if (mounted.code !== 0) skip("no small disk can be made here: it needs the rights to mount one");
  try {
    const out = join(at, "run");
    // A checkpoint is 0.4 MB at first, with the best epoch's weights 1.6 MB; with the next one beside it there is no room.
    const full = await run(["--model", "mlp", "--limit", "640", "--epochs", "9", "--json", "--out", out]);
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/^cannot write to .*run: no space is left on the disk; the checkpoint of step \d+ is whole: when that is mended, go on with: npm start -- resume .*\n$/);
    const [lines, epochs] = await epochsAt(out).catch(async () => [0, 0] as const);
    expect(lines).toBe(epochs);
    expect((await readdir(out)).filter((name) => /tmp|lock/.test(name))).toEqual([]);
    expect((await shell(`mount -o remount,size=20m ${at}`)).code).toBe(0);
    const [resumed, whole] = [await run(["resume", out, "--json"]), await run(["--model", "mlp", "--limit", "640", "--epochs", "9", "--json", "--out", join(at, "whole")])];
    expect(result(resumed)["weightsSha256"]).toBe(result(whole)["weightsSha256"]);
  } finally {
    await shell(`umount ${at}`);
  }
}, 60_000);

test("odd places for a run are refused before anything is made", async () => {
  const cwd = await folder(), file = join(cwd, "file");
  await writeFile(file, "text");
  refused(await run([...quick, "--out", file], { cwd }), 2, /--out expects a folder, got the file file/);
  refused(await run([...quick, "--out", join(file, "below")], { cwd }), 1, /cannot write to file\/below: a part of the path is a file/);
  for (const args of [["--out", ""], ["--data", ""], ["resume", ""], ["evaluate", ""], ["predict", ""], ["evaluate", cwd, "--data", ""]]) refused(await run(args, { cwd }), 2, /expects a folder, got ""/);
  refused(await run([...quick, "--out", `x${"y".repeat(300)}`], { cwd }), 1, /cannot write to .*: the name is too long/);
  await symlink("nowhere", join(cwd, "link"));
  refused(await run([...quick, "--out", join(cwd, "link")], { cwd }), 1, /cannot write to link: a part of the path is not there/);
  refused(await run(["resume", file], { cwd }), 1, /expected the folder of a run/);
  refused(await run(["--epochs", "1", "--batch-size", "64", "--validation-split", "0.999", "--limit", "10"], { cwd }), 2, /split/);
  expect((await readdir(cwd)).sort()).toEqual(["file", "link"]);
  if (process.getuid?.() === 0) return; // root may write anywhere
  await chmod(cwd, 0o500);
  refused(await run([...quick], { cwd }), 1, /cannot write to runs: there is no permission/);
  await chmod(cwd, 0o700);
});

test("a failure before the first step leaves no folder, and none of those made for it", async () => {
  const cwd = await folder(), data = await dataFolder();
  // Images of 8×8 are too small for two convolutions and pools.
  refused(await run(["--data", data, "--out", join(cwd, "a", "b")], { cwd }), 2, /maxPool2d|conv2d/);
  refused(await run(["--data", data], { cwd }), 2, /maxPool2d|conv2d/);
  expect(await readdir(cwd)).toEqual([]);
});

test("any seed of 32 bits will do", async () => {
  const out = join(await folder(), "run");
  const least = await run([...quick, "--json", "--seed=-2147483648", "--out", out]);
  expect(least).toMatchObject({ code: 0, err: "" });
  refused(await run([...quick, "--seed=-2147483649"]), 2, /--seed expects a whole number from -2147483648 to 2147483647/);
});

test("what it prints to be pasted can be pasted", async () => {
  const cwd = await folder(), out = join(cwd, "my runs", "it's $HOME; a b"), data = join(cwd, "my data");
  await cp(await dataFolder(), data, { recursive: true });
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "2", "--out", out], { cwd });
  expect(done.code).toBe(0);
  const commands = [...done.out.matchAll(/^ {2}npm start -- (.*?)(?: {2}.*)?$/gm)].map(([, words]) => words!);
  expect(commands.length).toBeGreaterThan(3);
  for (const words of commands.filter((each) => /predict|resume|dropout/.test(each))) {
    const pasted = await shell(`cd ${JSON.stringify(cwd)} && "$NODE" "$APP" ${words}`);
    expect(pasted.code, words + pasted.err).toBe(0);
  }
  const again = await run(["--out", out], { cwd });
  refused(again, 2, /go on with: npm start -- resume /);
  expect((await shell(`cd ${JSON.stringify(cwd)} && "$NODE" "$APP" ${again.err.trim().split("npm start -- ")[1]!}`)).code).toBe(0);
}, 60_000);

const image = (i: number): number => (i * 37) % 256, label = (i: number): number => i % 10;
test.each<[string, Parameters<typeof dataFolder>[0], string]>([
  ["no images", { [names[0]]: idx([0, 8, 8], image), [names[1]]: idx([0], label) }, "expected training images [count, rows, columns] in DATA/train-images-idx3-ubyte, got [0, 8, 8]; there must be at least one"],
  ["images of two sizes", { [names[2]]: idx([20, 7, 7], image) }, "expected images of one size in DATA, got 8×8 to train on and 7×7 to test on"],
  ["flat images", { [names[0]]: idx([40, 64], image) }, "expected training images [count, rows, columns] in DATA/train-images-idx3-ubyte, got [40, 64]; give each image its rows"],
  ["coloured images", { [names[2]]: idx([20, 8, 8, 3], image) }, "expected test images [count, rows, columns] in DATA/t10k-images-idx3-ubyte, got [20, 8, 8, 3]; store shades of grey"],
  ["labels for images", { [names[0]]: idx([40], image) }, "got [40]; are these labels?"],
  ["images for labels", { [names[1]]: idx([40, 8, 8], image) }, "expected training labels [count] in DATA/train-labels-idx1-ubyte, got [40, 8, 8]; are these images?"],
  ["one-hot labels", { [names[1]]: idx([40, 10], (i) => Number(i % 11 === 0)) }, "looks like one-hot: store the number of the class instead"],
  ["labels with fractions", { [names[1]]: idx([40], (i) => i / 2, "floats") }, "expected training labels that are whole numbers from 0 to 999 in DATA/train-labels-idx1-ubyte, got 0.5 at 1"],
  ["a negative label", { [names[3]]: idx([20], (i) => i - 1, "floats") }, "in DATA/t10k-labels-idx1-ubyte, got -1 at 0; number the classes from 0"],
  ["more labels than images", { [names[1]]: idx([41], label) }, "expected as many labels as images, got 40 images in DATA/train-images-idx3-ubyte and 41 labels in DATA/train-labels-idx1-ubyte"],
  ["pixels that are no numbers", { [names[0]]: idx([40, 8, 8], (i) => (i === 70 ? NaN : 0.5), "floats") }, "expected pixels from 0 to 255, or from 0 to 1, in DATA/train-images-idx3-ubyte, got NaN at 70; mend or leave out that image"],
  ["standardized pixels", { [names[0]]: idx([40, 8, 8], (i) => (i % 7) - 3, "floats") }, "in DATA/train-images-idx3-ubyte, got -3 at 0; bring them into one of these ranges"],
  ["pixels of two ranges", { [names[0]]: idx([40, 8, 8], (i) => image(i) / 255, "floats") }, "expected pixels of one range in DATA, got numbers above 1 in DATA/t10k-images-idx3-ubyte and none in DATA/train-images-idx3-ubyte"],
  ["a file that is no IDX file", { [names[0]]: Uint8Array.of(1, 2, 3, 4) }, "DATA/train-images-idx3-ubyte: readIdx: expected an IDX file"],
])("a folder with %s is one sentence, and no run is left", async (_, others, message) => {
  const [data, cwd] = [await dataFolder(others), await folder()];
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "1"], { cwd });
  expect(done.err).toContain(message.replaceAll("DATA", data));
  refused(done, 1, /./);
  expect(await readdir(cwd)).toEqual([]);
});

test("a folder named like a file is said to be one", async () => {
  const data = await dataFolder();
  await rm(join(data, names[1]));
  await mkdir(join(data, names[1]));
  refused(await run(["--data", data]), 1, /train-labels-idx1-ubyte: expected a file, got a folder/);
});

test("what is obviously meant is done and said: axes of 1, float labels, pixels from 0 to 1", async () => {
  const train = (data: string): Promise<Run> => folder().then((out) => run(["--data", data, "--model", "mlp", "--epochs", "2", "--json", "--out", join(out, "run")]));
  const [plain, odd, unit] = [await dataFolder(), await dataFolder({
    [names[0]]: idx([40, 8, 8, 1], image), [names[1]]: idx([40, 1], label, "floats"), [names[3]]: idx([20, 1, 1], label),
  }), await dataFolder({ [names[0]]: idx([40, 8, 8], (i) => Math.fround(image(i) / 255), "floats"), [names[2]]: idx([20, 8, 8], (i) => Math.fround(image(i) / 255), "floats") })];
  const [a, b, c] = [await train(plain), await train(odd), await train(unit)];
  expect(a!.err).toBe("");
  for (const said of ["has shape [40, 8, 8, 1]: it is taken as [40, 8, 8]", "has shape [40, 1]: it is taken as [40]", "holds float numbers, all of them whole", "has shape [20, 1, 1]"]) expect(b!.err).toContain(said);
  expect(c!.err).toContain("the pixels in " + unit + " are from 0 to 1 already: they are taken as they are");
  for (const done of [b, c]) expect(result(done!)["weightsSha256"]).toBe(result(a!)["weightsSha256"]);
});

test("other classes than ten: letters numbered from 1", async () => {
  const letters = (i: number): number => 1 + (i % 26), out = join(await folder(), "run");
  const data = await dataFolder({ [names[1]]: idx([40], letters), [names[3]]: idx([20], letters) });
  const done = await run(["--data", data, "--model", "mlp", "--epochs", "2", "--out", out]);
  expect(done).toMatchObject({ code: 0, err: `the labels in ${data} are from 1 to 26: the network has an output for 0 too, which is never right\n` });
  expect(done.out).toContain("of 27 classes");
  expect((await run(["predict", out, "--index", "7"])).out).toMatch(/It is taken for a \d+, and is a 8\./);
  expect((await run(["evaluate", out])).out).toContain("Test accuracy");
  expect((await run(["resume", out, "--epochs", "3", "--quiet"])).code).toBe(0);
  // Ten classes are asked about 27.
  const digits = join(await folder(), "digits");
  await run(["--data", await dataFolder(), "--model", "mlp", "--epochs", "1", "--quiet", "--out", digits]);
  refused(await run(["evaluate", digits, "--data", data]), 1, /expected labels below 10, which the run was trained with, in .*, got 26/);
}, 60_000);

test("images of another size than MNIST's are trained on", async () => {
  const data = await dataFolder({ [names[0]]: idx([40, 32, 32], image), [names[2]]: idx([20, 32, 32], image) });
  expect(await run(["--data", data, "--epochs", "1", "--quiet", "--out", join(await folder(), "run")])).toMatchObject({ code: 0, err: "" });
});

test("a run is not resumed with other images of the same size", async () => {
  const cwd = await folder(), data = join(cwd, "data"), out = join(cwd, "run");
  await cp(await dataFolder(), data, { recursive: true });
  await run(["--data", "data", "--model", "mlp", "--epochs", "1", "--quiet", "--out", out], { cwd });
  const before = await readFile(join(out, "config.json"), "utf8");
  await writeFile(join(data, names[0]), idx([40, 8, 8], (i) => (i * 31) % 256));
  // From anywhere: the folder's name was kept as a whole.
  refused(await run(["resume", out, "--epochs", "2"]), 1, /was trained with other images or labels than those of .*data, as they are now/);
  expect((await readdir(out)).sort()).toEqual(["best.safetensors", "config.json", "history.jsonl", "last.safetensors"]);
  expect(await readFile(join(out, "config.json"), "utf8")).toBe(before);
  const moved = await dataFolder();
  expect((await run(["resume", out, "--epochs", "2", "--data", moved, "--quiet"])).code).toBe(0);
});

test("resume --epochs says what it cannot do, and changes nothing then", async () => {
  const out = join(await folder(), "run");
  await run([...quick, "--epochs", "3", "--json", "--schedule", "cosine", "--out", out]);
  const before = await readFile(join(out, "config.json"), "utf8");
  for (const epochs of ["2", "3"]) refused(await run(["resume", out, "--epochs", epochs]), 2, new RegExp(`--epochs expects more than the 3 that the run in .* has done, got ${epochs}`));
  expect(await readFile(join(out, "config.json"), "utf8")).toBe(before);
  expect((await run(["resume", out, "--epochs", "4", "--quiet"])).err).toMatch(/from here on the rate \(cosine\) goes by 4 epochs instead of 3/);

  const early = join(await folder(), "early");
  const stopped = await run(["--limit", "320", "--model", "mlp", "--epochs", "9", "--early-stopping", "1", "--learning-rate", "0.5", "--out", early]);
  expect(stopped.out).toContain("Stopped early");
  expect(stopped.out).not.toContain("train it longer");
  refused(await run(["resume", early, "--epochs", "20"]), 2, /--epochs does nothing here: the run in .* stopped early, after epoch \d/);
}, 60_000);

test("with smoothed labels the validation and the test loss of the same images are one number", async () => {
  const out = join(await folder(), "run"), done = await run([...quick, "--label-smoothing", "0.1", "--json", "--out", out]);
  const { validationLoss } = events(done).find(({ type }) => type === "epoch")!;
  expect(result(done)["testLoss"]).toBeCloseTo(validationLoss as number, 6);
  expect(result(await run(["evaluate", out, "--json"]))["testLoss"]).toBe(result(done)["testLoss"]);
  expect((await run(["evaluate", out])).out).toContain("labels smoothed by 0.1");
});

test.each([
  [["--model", "mlp", "--filters", "64"], "--filters does nothing here: it is for --model cnn, and this is mlp"],
  [["--momentum", "0.5"], "--momentum does nothing here: it is for --optimizer momentum or nesterov, and this is adam"],
  [["--optimizer", "sgd", "--beta2", "0.9"], "--beta2 does nothing here"],
  [["--decay", "0.5"], "--decay does nothing here: it is for --schedule exponential or step"],
  [["--warmup", "0.5", "--schedule", "cosine"], "--warmup does nothing here"],
  [["--recipe", "fast", "--schedule", "constant", "--warmup", "0.1"], "--warmup does nothing here"],
  [["--early-stopping", "2", "--epochs", "1"], "--early-stopping does nothing here: it is for more than one epoch"],
  [["--engine", "reference", "--threads", "2"], "--threads does nothing here: it is for --engine wasm"],
  [["--engine", "reference", "--turbo"], "--turbo does nothing here"],
  [["--explain", "--json"], "--json does nothing here: it is for training, and --explain does not train"],
  [["--explain", "--out", "x"], "--out does nothing here"],
  [["--explain", "--epochs", "2"], "--epochs does nothing here"],
  [["summary", "--model", "mlp", "--filters", "3"], "--filters does nothing here"],
  [["summary", "--epochs", "3"], "unknown option '--epochs'"],
  [["--optimizer", "sgd", "--learning-rate", "1e39"], "--learning-rate expects a number from 0 to 3.4e+38"],
])("%j is refused, since it does nothing", async (args, message) => {
  const cwd = await folder(), done = await run(args, { cwd });
  expect(done.err).toContain(message);
  refused(done, 2, /./);
  expect(await readdir(cwd)).toEqual([]);
});

test("what changes little is named: a schedule of one epoch, checkpoints that never come, more threads than processors", async () => {
  const notes = async (...flags: string[]): Promise<string> => (await run([...quick, ...flags, "--quiet", "--out", join(await folder(), "run")])).err;
  expect(await notes("--schedule", "exponential")).toContain("with one epoch it changes nothing");
  expect(await notes("--checkpoint-every", "5")).toContain("--checkpoint-every 5 changes nothing: the run has 5 steps");
  expect(await notes("--epochs", "2", "--early-stopping", "3")).toContain("--early-stopping 3 cannot end 2 epochs early");
}, 60_000);

test("weights that are not finite are named, not asked", async () => {
  const out = join(await folder(), "run"), file = join(out, "last.safetensors");
  await run([...quick, "--quiet", "--out", out]);
  const { tensors, metadata } = readSafetensors(await readFile(file));
  (tensors["params/dense1/kernel"]!.data as Float32Array)[3] = NaN;
  await writeFile(file, writeSafetensors(tensors, metadata));
  for (const command of ["evaluate", "predict", "resume"]) refused(await run([command, out]), 1, /expected finite weights in .*last\.safetensors, got NaN in .*dense1\/kernel/);
});

test("weights that are finite and too large for their answers to be: one sentence", async () => {
  const out = join(await folder(), "run"), done = await run(["--model", "mlp", "--limit", "64", "--epochs", "1", "--optimizer", "sgd", "--learning-rate", "1e30", "--quiet", "--out", out]);
  refused(done, 1, /expected finite numbers from the network, got (NaN|-?Infinity): its weights are too large; train again with a lower --learning-rate/);
  for (const args of [["evaluate", out], ["evaluate", out, "--json"], ["predict", out], ["predict", out, "--json"]]) refused(await run(args), 1, /expected finite numbers from the network/);
}, 60_000);

test("--json --quiet is the result alone", async () => {
  const done = await run([...quick, "--json", "--quiet", "--out", join(await folder(), "run")]);
  expect(events(done).map(({ type }) => type)).toEqual(["result"]);
  expect(relative(".", done.err)).toBe("");
});
