import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "@tenon/formats";
import { expect, test } from "vitest";
import {
  bundled,
  dataFolder,
  events,
  firstDigits,
  folder,
  idx,
  names,
  refused,
  result,
} from "./testing.js";

const { run } = bundled("words");

const few = await firstDigits(320);
const quick = ["--model", "mlp", ...few, "--epochs", "1"];

test("a run is not resumed with other images of the same size", async () => {
  const cwd = await folder();
  const data = join(cwd, "data");
  const out = join(cwd, "run");
  await cp(await dataFolder(), data, { recursive: true });
  await run(["--data", "data", "--model", "mlp", "--epochs", "1", "--quiet", "--out", out], {
    cwd,
  });
  const before = await readFile(join(out, "config.json"), "utf8");
  await writeFile(
    join(data, names[0]),
    idx([40, 8, 8], (i) => (i * 31) % 256),
  );
  // From anywhere: the folder's name was kept as a whole.
  refused(
    await run(["resume", out, "--epochs", "2"]),
    1,
    /was trained with other images or labels than those of .*data, as they are now/,
  );
  expect((await readdir(out)).sort()).toEqual([
    "best.safetensors",
    "config.json",
    "history.jsonl",
    "last.safetensors",
  ]);
  expect(await readFile(join(out, "config.json"), "utf8")).toBe(before);
  const moved = await dataFolder();
  expect((await run(["resume", out, "--epochs", "2", "--data", moved, "--quiet"])).code).toBe(0);
});

test("resume --epochs refuses what it cannot do, and changes nothing then", async () => {
  const out = join(await folder(), "run");
  await run([...quick, "--epochs", "3", "--json", "--schedule", "cosine", "--out", out]);
  const before = await readFile(join(out, "config.json"), "utf8");
  for (const epochs of ["2", "3"])
    refused(
      await run(["resume", out, "--epochs", epochs]),
      2,
      new RegExp(`--epochs expects more than the 3 that the run in .* has done, got ${epochs}`),
    );
  expect(await readFile(join(out, "config.json"), "utf8")).toBe(before);
  expect((await run(["resume", out, "--epochs", "4", "--quiet"])).err).toMatch(
    /from here on the rate \(cosine\) goes by 4 epochs instead of 3/,
  );

  const early = join(await folder(), "early");
  const stopped = await run([
    ...few,
    "--model",
    "mlp",
    "--epochs",
    "9",
    "--early-stopping",
    "1",
    "--learning-rate",
    "0.5",
    "--out",
    early,
  ]);
  expect(stopped.out).toContain("Stopped early");
  expect(stopped.out).not.toContain("train it longer");
  refused(
    await run(["resume", early, "--epochs", "20"]),
    2,
    /--epochs does nothing here: the run in .* stopped early, after epoch \d/,
  );
});

test.each([
  ["one network", []],
  ["two members", ["--members", "2"]],
])("the validation and the test loss of %s, of smoothed labels, are one", async (_, members) => {
  const out = join(await folder(), "run");
  const flags = [...members, "--label-smoothing", "0.1", "--json", "--out", out];
  const done = await run([...quick, ...flags]);
  const { validationLoss } = events(done).find(({ type }) => type === "epoch")!;
  expect(result(done)["testLoss"]).toBeCloseTo(validationLoss as number, 6);
  expect(result(await run(["evaluate", out, "--json"]))["testLoss"]).toBe(result(done)["testLoss"]);
  expect((await run(["evaluate", out])).out).toContain("labels smoothed by 0.1");
});

test.each([
  [
    ["--model", "mlp", "--filters", "64"],
    "--filters does nothing here: it is for --model cnn or deep-cnn, and this is mlp",
  ],
  [
    ["--momentum", "0.5"],
    "--momentum does nothing here: it is for --optimizer momentum or nesterov, and this is adam",
  ],
  [["--optimizer", "sgd", "--beta2", "0.9"], "--beta2 does nothing here"],
  [["--decay", "0.5"], "--decay does nothing here: it is for --schedule exponential or step"],
  [["--warmup", "0.5", "--schedule", "cosine"], "--warmup does nothing here"],
  [["--recipe", "fast", "--schedule", "constant", "--warmup", "0.1"], "--warmup does nothing here"],
  [
    ["--early-stopping", "2", "--epochs", "1"],
    "--early-stopping does nothing here: it is for more than one epoch",
  ],
  [
    ["--engine", "reference", "--threads", "2"],
    "--threads does nothing here: it is for --engine wasm",
  ],
  [["--engine", "reference", "--turbo"], "--turbo does nothing here"],
  [
    ["--explain", "--json"],
    "--json does nothing here: it is for training, and --explain does not train",
  ],
  [["--explain", "--out", "x"], "--out does nothing here"],
  [["--explain", "--doctor"], "--doctor does nothing here: it is for training"],
  [["--language", "ko"], "--language does nothing here: it is for --doctor, which is not given"],
  [["--doctor", "--histograms", "9"], "--histograms does nothing here: it is for --observe"],
  [
    ["--observe-every", "9"],
    "--observe-every does nothing here: it is for --doctor or --observe, and neither is given",
  ],
  [["check", "--early-stopping", "3"], "unknown option '--early-stopping'"],
  [["--explain", "--epochs", "2"], "--epochs does nothing here"],
  [["summary", "--model", "mlp", "--filters", "3"], "--filters does nothing here"],
  [["summary", "--epochs", "3"], "unknown option '--epochs'"],
  [
    ["--optimizer", "sgd", "--learning-rate", "1e39"],
    "--learning-rate expects a number from 0 to 3.4e+38",
  ],
])("%j is refused, since it does nothing", async (args, message) => {
  const cwd = await folder();
  const done = await run(args, { cwd });
  expect(done.err).toContain(message);
  refused(done, 2, /./);
  expect(await readdir(cwd)).toEqual([]);
});

test(
  "what changes little is named: a schedule of one epoch, checkpoints that never come, " +
    "more threads than processors",
  async () => {
    const notes = async (...flags: string[]): Promise<string> =>
      (await run([...quick, ...flags, "--quiet", "--out", join(await folder(), "run")])).err;
    expect(await notes("--schedule", "exponential")).toContain("with one epoch it changes nothing");
    expect(await notes("--checkpoint-every", "5")).toContain(
      "--checkpoint-every 5 changes nothing: the run has 5 steps",
    );
    expect(await notes("--epochs", "2", "--early-stopping", "3")).toContain(
      "--early-stopping 3 cannot end 2 epochs early",
    );
    const here = availableParallelism();
    expect(await notes("--threads", "256")).toContain(
      `--threads 256: ${here} can be used here, and are`,
    );
  },
);

test("weights that are not finite are reported, not evaluated", async () => {
  const out = join(await folder(), "run");
  const file = join(out, "last.safetensors");
  await run([...quick, "--quiet", "--out", out]);
  const { tensors, metadata } = readSafetensors(await readFile(file));
  (tensors["params/dense1/kernel"]!.data as Float32Array)[3] = NaN;
  await writeFile(file, writeSafetensors(tensors, metadata));
  for (const command of ["evaluate", "predict", "resume"])
    refused(
      await run([command, out]),
      1,
      /expected finite weights in .*last\.safetensors, got NaN in .*dense1\/kernel/,
    );
});

test("weights that are finite but so large that outputs are not: one sentence", async () => {
  const out = join(await folder(), "run");
  const done = await run([
    "--model",
    "mlp",
    ...few,
    "--limit",
    "64",
    "--epochs",
    "1",
    "--optimizer",
    "sgd",
    "--learning-rate",
    "1e30",
    "--quiet",
    "--out",
    out,
  ]);
  refused(
    done,
    1,
    /expected finite values from the network, got (NaN|-?Infinity): its weights are too large; train again with a lower --learning-rate/,
  );
  for (const args of [
    ["evaluate", out],
    ["evaluate", out, "--json"],
    ["predict", out],
    ["predict", out, "--json"],
  ])
    refused(await run(args), 1, /expected finite values from the network/);
});

test("--json --quiet is the result alone", async () => {
  const done = await run([...quick, "--json", "--quiet", "--out", join(await folder(), "run")]);
  expect(events(done).map(({ type }) => type)).toEqual(["result"]);
  expect(done.err).toBe("");
});
