import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundled, events, firstDigits, folder, refused, result, type Run } from "./testing.js";

const { run } = bundled("doctor");

/** Of ten steps an epoch. */
const few = await firstDigits();
const quick = ["--model", "mlp", ...few, "--limit", "640", "--epochs", "1"];
const sick = [...quick, "--limit", "1280", "--optimizer", "sgd", "--learning-rate", "3"];

const typed = (done: Run, type: string): Record<string, unknown>[] =>
  events(done).filter((event) => event["type"] === type);
const jsonLines = async (file: string): Promise<Record<string, unknown>[]> =>
  events({ out: await readFile(file, "utf8") });

test("looking inside changes no bit, and the file holds the observed steps", async () => {
  const cwd = await folder();
  for (const flags of [
    ["--model", "mlp"],
    ["--recipe", "fast", "--filters", "4"],
  ]) {
    const common = [...flags, ...few, "--limit", "640", "--epochs", "1", "--json"];
    const name = flags[1]!;
    const plain = await run([...common, "--out", `${name}1`], { cwd });
    const file = join(cwd, `${name}2`, "statistics.jsonl");
    const looking = ["--doctor", "--observe", file, "--observe-every", "4", "--histograms", "5"];
    const watched = await run([...common, ...looking, "--out", `${name}2`], { cwd });
    expect(watched.err).toBe("");
    expect(result(watched)["weightsSha256"]).toBe(result(plain)["weightsSha256"]);
    const lines = await jsonLines(file);
    expect(lines.map(({ type, step, epoch }) => [type, step, epoch])).toEqual(
      [1, 5, 9].map((step) => ["statistics", step, 1]),
    );
    const [{ input, params }] = lines as unknown as [
      {
        input: { mean: number; histogram: { counts: number[] } };
        params: Record<string, { size: number; norm: number; gradientNorm: number }>;
      },
    ];
    // The mean of MNIST's pixels is 0.1307; a batch has 64 images of 784.
    expect(input.mean).toBeCloseTo(0.1307, 1);
    expect(input.histogram.counts).toHaveLength(5);
    expect(input.histogram.counts.reduce((a, b) => a + b)).toBe(64 * 784);
    const kernel = Object.entries(params).find(([path]) => path.endsWith("/kernel"))![1];
    expect(kernel.norm).toBeGreaterThan(0);
    expect(kernel.gradientNorm).toBeGreaterThan(0);
    expect(typed(watched, "diagnosis")).toEqual([
      { type: "diagnosis", findings: [], steps: 10, observed: 3, epochs: 1, images: 640 },
    ]);
  }
});

test("a learning rate that is too high is named, and the flag that is said helps", async () => {
  const cwd = await folder();
  const done = await run([...sick, "--doctor", "--json"], { cwd });
  expect(done.code).toBe(0);
  const [first] = typed(done, "finding");
  expect(first).toMatchObject({
    ...{ id: "learningRateTooHigh", severity: "error", flags: "--learning-rate 0.3" },
    tip: "Divide the learning rate by 10.",
  });
  const { loss, start } = first!["evidence"] as { loss: number; start: number };
  // ln 10 is what is reached without looking at the images.
  expect(start).toBeGreaterThan(Math.log(10) - 0.1);
  expect(loss).toBeGreaterThan(1.5 * start);
  expect(first!["step"]).toBeLessThanOrEqual(8);
  const { findings } = typed(done, "diagnosis")[0] as { findings: { id: string }[] };
  expect(findings.map(({ id }) => id)).toEqual(typed(done, "finding").map(({ id }) => id));
  expect((result(done)["findings"] as { id: string }[]).map(({ id }) => id)).toEqual(
    findings.map(({ id }) => id),
  );

  const better = [...sick, "--learning-rate", "0.3", "--doctor", "--json"];
  const mended = await run(better, { cwd });
  expect(typed(mended, "finding")).toEqual([]);
  expect(result(mended)["testAccuracy"]).toBeGreaterThan(
    3 * (result(done)["testAccuracy"] as number),
  );
});

test("people read findings as they come and a summary, in their language", async () => {
  const cwd = await folder();
  const under = ["env", "LANG=ko_KR.UTF-8", "LC_ALL="];
  const korean = await run([...sick, "--doctor"], { cwd, under });
  expect(korean.out).toMatch(/✖ 오류: 너무 높은 학습률 \(스텝 \d\)\n {2}손실이 2\.\d+에서 \d/);
  expect(korean.out).toMatch(/\n진단 {2}오류 1개.*\n살펴본 것: 설정, 훈련 이미지 1,280장, /);
  const english = await run([...sick, "--doctor", "--language", "en"], { cwd, under });
  const said = english.out;
  const at = (text: string): number => said.indexOf(text);
  expect(at("✖ error: The learning rate is too high (step ")).toBeGreaterThan(0);
  expect(at("  here       --learning-rate 0.3\n")).toBeGreaterThan(at("✖ error"));
  expect(at("\nepoch 1/1")).toBeGreaterThan(at("--learning-rate 0.3\n"));
  expect(at("\nDoctor  1 error")).toBeGreaterThan(at("What was taken for what"));
  expect(said).toContain(
    "\nLooked at the set-up, 1,280 training images, the loss of 20 steps, the inside of 20 of " +
      "them (each), 1 epoch.\n",
  );
  expect(said).toContain(
    "\n  npm start -- --model mlp --optimizer sgd --learning-rate 0.3 --epochs 1 " +
      `${few.join(" ")} --limit 1280\n`,
  );
  expect(said.trimEnd().split("\n").at(-1)).toMatch(/^Test accuracy/);
});

test("--quiet leaves the result on stdout, and says errors on stderr in one line each", async () => {
  const cwd = await folder();
  const done = await run([...sick, "--doctor", "--quiet"], { cwd });
  expect(done.out).toMatch(/^test accuracy [\d.]+ %\n$/);
  expect(done.err).toMatch(
    /^The learning rate is too high: The loss rose .* --learning-rate 0\.3\n/,
  );
  const healthy = await run([...quick, "--doctor", "--quiet", "--json"], { cwd });
  expect(healthy.err).toBe("");
  expect(events(healthy)).toMatchObject([{ type: "result", findings: [] }]);
});

test("a run that ends at a loss that is not finite has its findings and a summary", async () => {
  const cwd = await folder();
  const rate = ["--optimizer", "sgd", "--learning-rate", "1e25"];
  const done = await run([...quick, ...rate, "--doctor", "--json"], { cwd });
  expect(done.code).toBe(1);
  const types = events(done).map(({ type }) => type as string);
  expect(types.slice(-3).sort()).toEqual(["diagnosis", "finding", "nonFinite"]);
  expect(typed(done, "finding")[0]).toMatchObject({ severity: "error" });
});

test("a resumed run goes on with the file: every observed step is in it once", async () => {
  const cwd = await folder();
  const observing = ["--observe-every", "4", "--quiet"];
  const whole = join(cwd, "whole.jsonl");
  const file = join(cwd, "parts.jsonl");
  const two = [...quick, "--epochs", "2", ...observing];
  await run([...two, "--observe", whole, "--out", "whole"], { cwd });
  await run([...quick, ...observing, "--observe", file, "--out", "parts"], { cwd });
  const lines = (await readFile(whole, "utf8")).split(/(?<=\n)/);
  expect(lines).toHaveLength(5); // steps 1, 5, 9, 13, 17
  expect(await readFile(file, "utf8")).toBe(lines.slice(0, 3).join(""));
  // As if it had been killed after a later step, in the middle of a line.
  await appendFile(file, lines[3]!.replace('"step":13', '"step":12') + lines[4]!.slice(0, 99));
  const more = ["resume", "parts", "--epochs", "2", ...observing, "--observe", file, "--doctor"];
  expect(await run(more, { cwd })).toMatchObject({ code: 0, err: "" });
  expect(await readFile(file, "utf8")).toBe(lines.join(""));
});

test("what stands in the way of the file is one sentence, and nothing is trained", async () => {
  const cwd = await folder();
  await writeFile(join(cwd, "mine"), "my work\n");
  for (const [file, code, message] of [
    ["mine", 2, "--observe expects a new file, got mine, which is not empty; name another"],
    ["none/s", 2, "--observe expects a folder that is there, got none; make it first"],
    ["r/history.jsonl", 2, "--observe expects a file of its own, got the run's r/history.jsonl"],
  ] as const)
    refused(await run([...quick, "--observe", file, "--out", "r"], { cwd }), code, message);
  expect(await readFile(join(cwd, "mine"), "utf8")).toBe("my work\n");
});

test.runIf(process.platform === "linux")(
  "a file that takes no more does not end the run; the exit code says so",
  async () => {
    const cwd = await folder();
    const done = await run([...quick, "--quiet", "--observe", "/dev/full"], { cwd });
    expect(done).toMatchObject({
      ...{ code: 1, out: expect.stringMatching(/^test accuracy/) as string },
      err: "cannot write to /dev/full: no space is left on the disk; the run goes on without it\n",
    });
  },
);

test("check says what was measured, and ends with code 1 where an error is found", async () => {
  const cwd = await folder();
  const healthy = await run(["check", "--model", "mlp", ...few, "--limit", "640", "--json"], {
    cwd,
  });
  expect(healthy).toMatchObject({ code: 0, err: "" });
  const figures = Object.fromEntries(
    typed(healthy, "check").map(({ name, figures }) => [name, figures]),
  ) as Record<string, Record<string, number>>;
  expect(figures["labels"]).toMatchObject({ present: 10, classes: 10, images: 640 });
  expect(figures["inputs"]!["mean"]).toBeCloseTo(0.1307, 1);
  expect(figures["loss at the start"]!["expected"]).toBeCloseTo(Math.log(10), 12);
  expect(figures["gradients"]).toMatchObject({ reached: 4, parameters: 4 });
  expect(figures["one batch by heart"]!["last"]).toBeLessThan(1);
  expect(typed(healthy, "check").every(({ passed }) => passed)).toBe(true);
  expect(result(healthy)).toMatchObject({ type: "result", passed: true, findings: 0 });

  const rate = [...few, "--optimizer", "sgd", "--learning-rate", "3", "--limit", "640"];
  const wrong = await run(["check", "--model", "mlp", ...rate], { cwd });
  expect(wrong).toMatchObject({ code: 1, err: "" });
  expect(wrong.out).toMatch(/✔ inputs {15}mean 0\.1\d+, standard deviation 0\.3\d*, from 0 to 1\n/);
  expect(wrong.out).toMatch(/✖ one batch by heart .* \(The learning rate is too high\)\n/);
  expect(wrong.out).toContain("  here       --learning-rate 0.3\n");
  expect(wrong.out).toMatch(/\d of \d checks passed {2}1 error {2}in \d+\.\d s\n$/);
  const korean = [...few, "--limit", "640", "--language", "ko"];
  const low = [...korean, "--optimizer", "sgd", "--learning-rate", "0.005"];
  const fine = await run(["check", "--model", "mlp", ...low], { cwd });
  expect(fine).toMatchObject({ code: 0, err: "" });
  expect(fine.out).toMatch(/✔ 배치 하나 외우기 .* 정답 \d+ %, 아직 줄어드는 중\n/);
  expect(fine.out).toMatch(/\n점검 8개 중 8개 통과 {2}\d+\.\d초\n$/);
  expect(fine.out.replace("tenon · mlp", "")).not.toMatch(/[a-z]/i);
});
