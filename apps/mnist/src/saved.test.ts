import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  type Run,
} from "./testing.js";

const { run, path } = bundled("saved");
const newFolder = async (): Promise<string> => join(await folder(), "run");
const few = await firstDigits(300);
const quick = ["--model", "mlp", ...few];

/** A rate at which the first epoch is the best. */
const astray = [...quick, "--epochs", "12", "--optimizer", "sgd", "--learning-rate", "3"];

test.each([
  [["--average", "ema"], "Stopped early; the weights are the exponential moving average of all"],
  [["--average", "swa"], "those of the last step, as the stochastic average begins after step 45"],
  [[], "Stopped early; the weights are those of epoch 1, the best."],
])(
  "stopped early with %j: the result names the weights, and evaluate uses the same ones",
  async (flags, said) => {
    const args = [...astray, "--early-stopping", "1", ...flags];
    const [out, again] = [await newFolder(), await newFolder()];
    expect((await run([...args, "--out", out])).out).toContain(said);
    const { testAccuracy, testLoss, weightsSha256 } = result(
      await run([...args, "--json", "--out", again]),
    );
    expect(result(await run(["evaluate", out, "--json"]))).toEqual({
      type: "result",
      testAccuracy,
      testLoss,
      weightsSha256,
    });
    const best = result(await run(["evaluate", out, "--best", "--json"]));
    expect(best["weightsSha256"] === weightsSha256).toBe(flags.length === 0);
    const asked = (await run(["evaluate", out])).out.split("\n")[0];
    expect(asked).toContain(flags.length === 0 ? "the weights of epoch 1" : "the average");
  },
);

test("a complete run names its weights, before and after", async () => {
  const args = [...quick, "--epochs", "2", "--early-stopping", "2"];
  const out = await newFolder();
  const averaged = await run([...args, "--average", "swa", "--out", out]);
  expect(averaged.err).toContain("cannot end 2 epochs early; they end with the average of the");
  expect(averaged.out).toContain("The weights are the stochastic average, of 3 steps.");
  const plain = await run([...args, "--out", await newFolder()]);
  expect(plain.err).toContain("they end with the weights of the best one");
  expect(plain.out).toMatch(/The weights are those of epoch \d, the best\./);
  const none = await run([
    ...quick,
    "--epochs",
    "0",
    "--average",
    "ema",
    "--out",
    await newFolder(),
  ]);
  expect(none.out).not.toContain("average of");
});

test("with --epochs 0 all flags of training are named in one note", async () => {
  const flags: readonly (readonly string[])[] = [
    ["--schedule", "exponential"],
    ["--optimizer", "momentum"],
    ["--learning-rate", "0.1"],
    ["--decay", "0.9"],
    ["--momentum", "0.8"],
    ["--batch-size", "32"],
    ["--dropout", "0.1"],
    ["--l1", "0.1"],
    ["--l2", "0.1"],
    ["--weight-decay", "0.1"],
    ["--max-norm", "2"],
    ["--clip-norm", "1"],
    ["--clip-value", "1"],
    ["--early-stopping", "3"],
    ["--average", "swa"],
    ["--validation-split", "0.5"],
    ["--checkpoint-every", "3"],
  ];
  const zero = [...quick, "--epochs", "0", "--quiet"];
  const all = await run([...zero, ...flags.flat(), "--out", await newFolder()]);
  expect(all.err.trim().split("\n")).toHaveLength(1);
  expect(all.err).toContain("--epochs 0 trains nothing: ");
  for (const [flag] of flags) expect(all.err).toContain(`${flag!}`);
  const useful = ["--normalization", "batch", "--label-smoothing", "0.1", "--init", "normal"];
  const none = await run([
    ...["--model", "mlp", "--epochs", "0", "--quiet", "--seed", "3"],
    ...[...useful, "--out", await newFolder()],
  ]);
  expect(none).toMatchObject({ code: 0, err: "" });
});

test("a checkpoint after each epoch is one already, and one step is no steps", async () => {
  const every = (...flags: string[]): Promise<Run> =>
    newFolder().then((out) => run([...quick, "--quiet", ...flags, "--out", out]));
  const twoEpochs = await every("--epochs", "2", "--checkpoint-every", "5");
  expect(twoEpochs.err).toContain("there is one after each epoch, which has 5 steps");
  expect((await every("--epochs", "2", "--checkpoint-every", "3")).err).toBe("");
  const oneEpoch = await every("--epochs", "1", "--batch-size", "300", "--checkpoint-every", "1");
  expect(oneEpoch.err).toContain("the run has 1 step\n");
});

test("files of others are not overwritten, nor what is left of a run", async () => {
  const args = [...quick, "--epochs", "1", "--quiet"];
  const whole = await newFolder();
  await run([...args, "--out", whole]);
  for (const name of ["config.json", "history.jsonl", "best.safetensors", "last.safetensors"]) {
    const out = await folder();
    await writeFile(join(out, name), '{"mine":1}');
    refused(
      await run([...args, "--out", out]),
      2,
      new RegExp(`--out expects a folder without files .*, got .* with ${name}; name another`),
    );
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), "utf8")).toBe('{"mine":1}');
  }
  const before = await readFile(join(whole, "best.safetensors"));
  await rm(join(whole, "last.safetensors"));
  refused(await run([...args, "--out", whole]), 2, /with config.json and history.jsonl and best/);
  refused(
    await run(["resume", whole]),
    1,
    /expected last.safetensors in .*, which holds best.safetensors and history.jsonl; bring it/,
  );
  expect(await readFile(join(whole, "best.safetensors"))).toEqual(before);
  // Other files are allowed, and so is a configuration alone.
  const other = await folder();
  await writeFile(join(other, "notes.txt"), "mine");
  expect((await run([...args, "--out", other])).code).toBe(0);
  const early = await folder();
  await cp(join(other, "config.json"), join(early, "config.json"));
  refused(await run([...args, "--out", early]), 2, /go on with: npm start -- resume/);
});

test("config.json changed by hand is noticed, whatever is changed", async () => {
  const out = await newFolder();
  await run([...quick, "--epochs", "1", "--quiet", "--schedule", "cosine", "--out", out]);
  const file = join(out, "config.json");
  const config = JSON.parse(await readFile(file, "utf8")) as object;
  const change = (by: object): Promise<void> =>
    writeFile(file, JSON.stringify({ ...config, ...by }));
  for (const [by, said] of [
    [{ learningRate: 0.5 }, /expected "learningRate": 0.001 in .*, got "learningRate": 0.5; put/],
    [{ l2: 0.1, average: "ema" }, /or start a run with .*--l2 0.1/],
    [{ labelSmoothing: 0.1 }, /--label-smoothing 0.1/],
    [{ optimizer: "adamw" }, /expected "optimizer": "adam"/],
    [{ classes: 12 }, /expected "classes": 10 in config.json.*; put that back\n/],
  ] as const) {
    await change(by);
    for (const args of [
      ["resume", out, "--epochs", "2"],
      ["evaluate", out],
      ["predict", out],
    ])
      refused(await run(args), 1, said);
  }
  // How long it goes may be changed, also there; it is said what that does to the rate.
  await change({ epochs: 2, checkpointEvery: 2 });
  const longer = await run(["resume", out, "--quiet"]);
  expect(longer).toMatchObject({ code: 0, err: expect.stringMatching(/by 2 epochs instead of 1/) });
});

test("non-finite values are strings in history.jsonl and in events", async () => {
  const out = await newFolder();
  const done = await run([
    ...["--model", "mlp", ...few, "--limit", "64", "--epochs", "1", "--optimizer", "sgd"],
    ...["--learning-rate", "1e30", "--json", "--out", out],
  ]);
  const { validationLoss } = events(done).find(({ type }) => type === "epoch")!;
  expect(["NaN", "Infinity"]).toContain(validationLoss);
  const line = JSON.parse(await readFile(join(out, "history.jsonl"), "utf8")) as never;
  expect(line).toMatchObject({ validation: { loss: validationLoss } });
});

test("errors of the system are put into words, with the path once", async () => {
  const out = await newFolder();
  await run([...quick, "--epochs", "0", "--quiet", "--out", out]);
  const best = await run(["evaluate", out, "--best"]);
  refused(best, 1, /best.safetensors: a part of the path is not there; leave out --best/);
  refused(await run(["--data", "/nope"]), 1, /at \/nope: a part of the path is not there\n/);
  const done = await run(["resume", out]);
  expect(done.err).toContain("the run has done its 0 epochs");
  const finished = await newFolder();
  await run([...quick, "--epochs", "1", "--quiet", "--out", finished]);
  expect((await run(["resume", finished])).err).toContain("the run has done its 1 epoch;");
});

test.each([
  ["cnn", 4, "mlp or resnet or vit or lstm"],
  ["inception", 1, "mlp or vit or lstm"],
  ["cnn", 8, "mlp or resnet or inception or vit or lstm"],
] as const)(
  "%s and images of %i: the message names the folder and models that would work",
  async (model, n, use) => {
    const data = await dataFolder({
      [names[0]]: idx([40, n, n], (i) => (i * 37) % 256),
      [names[2]]: idx([20, n, n], (i) => (i * 37) % 256),
    });
    const cwd = await folder();
    for (const how of [[], ["--explain"]]) {
      const done = await run(["--model", model, "--data", data, ...how], { cwd });
      refused(done, 2, /./);
      expect(done.err).toBe(
        `--model ${model} expects larger images than those in ${data}, which are ${n}×${n}; ` +
          `use --model ${use}\n`,
      );
    }
    expect(await readdir(cwd)).toEqual([]);
    // And these work: the first and the last, since each start of the app takes a second.
    for (const other of use.split(" or ").filter((_, i, all) => i % (all.length - 1) === 0)) {
      const out = await newFolder();
      const args = ["--model", other, "--data", data, "--epochs", "1", "--quiet", "--out", out];
      expect(await run(args)).toMatchObject({ code: 0, err: "" });
    }
    const run28 = await newFolder();
    await run(["--model", model, ...few, "--epochs", "0", "--quiet", "--out", run28]);
    refused(
      await run(["evaluate", run28, "--data", data]),
      1,
      `the images in ${data} are too small for the network (${model}): ${n}×${n}; give larger`,
    );
  },
);

const permission = ["--permission", "--experimental-permission"].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);
test.runIf(permission)(
  "an operation that Node's own permissions forbid gives one sentence",
  async () => {
    const cwd = await folder();
    const under = async (allowed: readonly string[], ...args: string[]): Promise<Run> => {
      const options = ["--no-warnings", permission!, ...allowed].join(" ");
      return run(args, { cwd, under: ["env", `NODE_OPTIONS=${options}`] });
    };
    const read = "--allow-fs-read=*";
    const train = [...quick, "--epochs", "1", "--quiet"];
    for (const out of [[], ["--out", "x"]]) {
      const done = await under([read, "--allow-worker"], ...train, ...out);
      refused(
        done,
        1,
        /cannot write to (runs|x): .* without --allow-fs-write=\*; give it that too/,
      );
    }
    await mkdir(join(cwd, "data"));
    const blind = await under(
      [`--allow-fs-read=${path()}`, "--allow-worker"],
      ...train,
      "--data",
      "data",
    );
    refused(blind, 1, /data: .* without --allow-fs-read=\*/);
  },
);
