import { cp, readFile, truncate, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import {
  built,
  events,
  firstDigits,
  folder,
  progressAt,
  result,
  runApp,
  type Run,
  type Settings,
} from "./testing.js";

let app: string;
beforeAll(async () => {
  app = await built("app");
});

const run = (args: readonly string[], watch?: Settings["watch"]): Promise<Run> =>
  runApp(app, args, watch && { watch });

/** Where there is one processor, an engine has one thread. */
const several = availableParallelism() > 1;

const few = await firstDigits();

/** A small run that uses every kind of randomness. */
const small = [
  ...few,
  "--epochs",
  "3",
  "--json",
  "--normalization",
  "batch",
  "--schedule",
  "warmup-cosine",
  "--checkpoint-every",
  "7",
  "--seed",
  "5",
];

/** A run that still trains when it is stopped after its first epoch, on a busy machine, too. */
const longer = [...small, "--epochs", "6"];

test("one event a line, the last is the result; the same seed gives the same weights on any number of threads", async () => {
  const [a, b] = await Promise.all(
    [1, 2].map(async (threads) =>
      run([...small, "--threads", `${threads}`, "--out", await folder()]),
    ),
  );
  expect(events(a!).map(({ type }) => type)).toEqual([
    "start",
    "epoch",
    "epoch",
    "epoch",
    "result",
  ]);
  expect(events(a!)[1]).toMatchObject({
    type: "epoch",
    epoch: 1,
    step: 20,
    loss: expect.any(Number) as number,
    accuracy: expect.any(Number) as number,
    validationLoss: expect.any(Number) as number,
    validationAccuracy: expect.any(Number) as number,
    seconds: expect.any(Number) as number,
  });
  expect(result(a!)).toMatchObject({
    type: "result",
    threads: 1,
    epochs: 3,
    steps: 60,
    weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    msPerStep: expect.any(Number) as number,
    trainSeconds: expect.any(Number) as number,
    compileSeconds: expect.any(Number) as number,
  });
  // 1,280 images and 60 steps are enough for this.
  expect(result(a!)["testAccuracy"]).toBeGreaterThan(0.8);
  expect(result(b!)["threads"]).toBe(several ? 2 : 1);
  expect(result(b!)["weightsSha256"]).toBe(result(a!)["weightsSha256"]);
});

test("killed in the middle of an epoch and resumed, it ends with the weights of a run that was not", async () => {
  // Images that are changed at random are changed in the same way.
  const args = [...longer, "--augmentation", "elastic"];
  const [whole, out] = await Promise.all([
    folder().then((path) => run([...args, "--out", path])),
    folder(),
  ]);
  let waits = false;
  const killed = await run([...args, "--out", out], async (text, kill) => {
    if (waits || !text.includes('"epoch":1,')) return;
    waits = true;
    for (let at = await progressAt(out); at.epoch < 1 || at.batch < 1; at = await progressAt(out))
      await sleep(1);
    kill("SIGKILL");
  });
  expect(killed.code).toBeNull();
  expect(killed.out).not.toContain('"result"');
  const resumed = await run(["resume", out, "--json"]);
  expect(resumed.code).toBe(0);
  expect(events(resumed)[0]!["step"]).toBeGreaterThan(20);
  expect(result(resumed)["weightsSha256"]).toBe(result(whole)["weightsSha256"]);
  expect(result(resumed)["testAccuracy"]).toBe(result(whole)["testAccuracy"]);
  expect((await readFile(join(out, "history.jsonl"), "utf8")).trim().split("\n")).toHaveLength(6);
});

test("interrupted, it saves, prints the command that continues it, and continues", async () => {
  const out = await folder();
  const args = longer.filter((flag) => flag !== "--json");
  let sent = false;
  const stopped = await run([...args, "--out", out], (text, kill) => {
    // One signal: a second one would end it at once.
    const once = !sent && text.includes("epoch 1/6");
    if (once) kill("SIGINT");
    sent ||= once;
  });
  expect(stopped.code).toBe(130);
  expect(stopped.out).toMatch(
    /Stopped after \d+ steps; nothing is lost\. Go on with: npm start -- resume/,
  );
  const resumed = await run(["resume", out]);
  expect(resumed.code).toBe(0);
  for (const part of [
    "resumed after",
    "Test accuracy",
    "What was taken for what",
    "The worst mistakes",
    "checkpoint",
    "Try next",
  ])
    expect(resumed.out).toContain(part);
  // And can be evaluated.
  expect(result(await run(["evaluate", out, "--json"]))).toMatchObject({ type: "result" });
  expect((await run(["predict", out, "--index", "0"])).out).toMatch(
    /It is taken for a \d, and is a 7\./,
  );
  // A longer run goes on from there.
  expect(
    events(await run(["resume", out, "--epochs", "7", "--json"])).map(({ type }) => type),
  ).toEqual(["start", "epoch", "result"]);
});

test.each([
  [
    ["--model", "gru"],
    2,
    '--model expects one of cnn, small-cnn, deep-cnn, mlp, resnet, inception, vit, lstm, got "gru"',
  ],
  [["--epochs", "two"], 2, '--epochs expects a whole number from 0 up, got "two"'],
  [["--dropout", "1"], 2, "--dropout expects a number from 0 to 0.9999"],
  [["--colour"], 2, "unknown option '--colour'"],
  [
    ["walk"],
    2,
    'unknown command "walk": expected train, resume, check, evaluate, predict, summary; see npm start -- --help',
  ],
  [["train", "walk"], 2, "too many arguments"],
  [
    ["--validation-split", "0.999", "--limit", "10", "--out", "/tmp/tenon-none"],
    2,
    "--validation-split 0.999 of 10 images leaves none to train on",
  ],
  [
    ["--validation-split", "0.5", "--limit", "1"],
    2,
    "--validation-split 0.5 of 1 image leaves none to train on",
  ],
  [
    ["--validation-split", "0.01", "--limit", "10"],
    2,
    "--validation-split 0.01 of 10 images leaves none to validate on",
  ],
  [["--limit", "64", "--out", "/proc/none"], 1, "cannot write to /proc/none"],
  [["--limit", "99999"], 2, "--limit expects at most 60000 images"],
  [["resume", "/no/such/run"], 1, "expected the folder of a run"],
  [["--data", "/no/such/folder"], 1, "expected a folder of IDX files at /no/such/folder"],
  [["predict", "/no/such/run"], 1, "expected the folder of a run"],
])("%j ends with one clear sentence", async (args, code, message) => {
  const done = await run(args);
  expect(done).toMatchObject({ code, out: "" });
  expect(done.err).toContain(message);
  expect(done.err.trim().split("\n")).toHaveLength(1);
});

test("--explain shows the kernels of a training step", async () => {
  const { code, out } = await run([
    "--explain",
    "--model",
    "cnn",
    ...few,
    "--limit",
    "64",
    "--threads",
    "2",
  ]);
  expect(code).toBe(0);
  for (const part of [
    "winograd/64x13x13x32",
    "gemm/1x64x10x1600",
    "MFLOP",
    "kernels do",
    several ? "2 threads share" : "one thread",
    "memory: ",
  ])
    expect(out).toContain(part);
  const shares = [...out.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
  expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(100, -0.5);
  expect((await run(["--explain", "--engine", "reference"])).err).toContain(
    "--explain expects --engine wasm",
  );
});

test("a damaged checkpoint or configuration is one sentence, and nothing is overwritten", async () => {
  const out = await folder();
  const args = ["--limit", "128", "--epochs", "1", "--model", "mlp", "--quiet"];
  await run([...few, ...args, "--out", out]);
  const damaged = async (change: (copy: string) => Promise<void>): Promise<Run> => {
    const copy = await folder();
    await cp(out, copy, { recursive: true });
    await change(copy);
    return run(["resume", copy, "--epochs", "2"]);
  };
  expect(await damaged((path) => truncate(join(path, "last.safetensors"), 1000))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/last\.safetensors is damaged/) as string,
  });
  expect(await damaged((path) => writeFile(join(path, "config.json"), "{"))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/config\.json is damaged/) as string,
  });
  const config = JSON.parse(await readFile(join(out, "config.json"), "utf8")) as object;
  expect(
    await damaged((path) =>
      writeFile(join(path, "config.json"), JSON.stringify({ ...config, model: "cnn" })),
    ),
  ).toMatchObject({
    code: 1,
    err: expect.stringContaining("does not fit its configuration") as string,
  });
  for (const [key, value, what] of [
    ["init", "foo", "one of glorot-uniform"],
    ["data", 5, "a folder or null"],
    ["batchSize", 0.5, "a whole number from 1"],
    ["seed", undefined, "a whole number"],
  ] as const)
    expect(
      await damaged((path) =>
        writeFile(join(path, "config.json"), JSON.stringify({ ...config, [key]: value })),
      ),
    ).toMatchObject({
      code: 1,
      err: expect.stringContaining(`expected "${key}" to be ${what}`) as string,
    });
  expect((await run(["--out", out])).err).toContain("expected a folder without a run");
  // A flipped bit in an array: the largest exponents make values of 10³⁴.
  for (const [name, command] of [
    ["last", "evaluate"],
    ["last", "predict"],
    ["last", "resume"],
    ["best", "evaluate"],
  ] as const) {
    const copy = await folder();
    const file = join(copy, `${name}.safetensors`);
    await cp(out, copy, { recursive: true });
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 0x40;
    await writeFile(file, bytes);
    const asked = await run([command, copy, ...(name === "best" ? ["--best"] : [])]);
    expect(asked).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /\.safetensors is damaged: readSafetensors: tensor "[^"]+" is damaged/,
      ) as string,
    });
    expect(asked.err.trim().split("\n")).toHaveLength(1);
  }
  // Evaluation reports it too.
  const other = await folder();
  await cp(out, other, { recursive: true });
  await writeFile(join(other, "config.json"), JSON.stringify({ ...config, model: "cnn" }));
  for (const command of ["evaluate", "predict"]) {
    const asked = await run([command, other]);
    expect(asked).toMatchObject({
      code: 1,
      err: expect.stringContaining("does not fit its configuration") as string,
    });
    expect(asked.err.trim().split("\n")).toHaveLength(1);
  }
});

test.each([
  ["--average", "ema"],
  ["--average", "swa"],
  ["--early-stopping", "1", "--learning-rate", "0.05", "--epochs", "4"],
  ["--epochs", "0"],
])("%s %s: a saved run is evaluated with the weights it ended with", async (...flags) => {
  const out = await folder();
  const { testAccuracy, testLoss, weightsSha256 } = result(
    await run([...few, "--limit", "640", "--epochs", "2", "--json", ...flags, "--out", out]),
  );
  expect(result(await run(["evaluate", out, "--json"]))).toMatchObject({
    testAccuracy,
    testLoss,
    weightsSha256,
  });
});

test("killed before its first epoch is done, or before its first step, a run can be resumed", async () => {
  const args = ["--limit", "6400", "--epochs", "1", "--model", "mlp", "--json"];
  const whole = result(await run([...args, "--out", await folder()]));
  const out = await folder();
  const killed = await run([...args, "--out", out], (text, kill) => {
    if (text.includes('"start"')) kill("SIGKILL");
  });
  expect(killed.code).toBe(null);
  const early = await folder();
  await cp(join(out, "config.json"), join(early, "config.json"));
  for (const path of [out, early])
    expect(result(await run(["resume", path, "--json"]))["weightsSha256"]).toBe(
      whole["weightsSha256"],
    );
});

test("a loss that is not finite ends the run with the layer's name and code 1", async () => {
  const done = await run([
    ...few,
    "--limit",
    "640",
    "--epochs",
    "2",
    "--optimizer",
    "sgd",
    "--learning-rate",
    "1e25",
    "--quiet",
    "--out",
    await folder(),
  ]);
  expect(done.code).toBe(1);
  expect(done.err).toMatch(
    /expected a finite loss, got (NaN|Infinity|-Infinity) in step \d+ of epoch 1; (layer|parameter) "/,
  );
});
