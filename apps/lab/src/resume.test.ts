import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digitsOf, startRun, weightsDigest } from "@tenon/experiments";
import type { ExperimentResults } from "@tenon/experiments/results";
import { packagedMnist } from "@tenon/terminal";
import { wasm } from "@tenon/wasm";
import { beforeAll, expect, test } from "vitest";
import { bundled, runBundle } from "./testing/bundled.js";
import { tinyPlan } from "./testing/tiny.js";
import { runNotes } from "./runNotes.js";

let study: string;
beforeAll(async () => {
  study = await bundled("testing/tinyStudy.ts", "tinyStudy");
});
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "tenon-lab-"));
const jsonOf = (out: string): string => out.trim().split("\n").at(-1)!;

test("a study that is killed again and again ends with the same JSON", async () => {
  const whole = await runBundle(study, ["momentum"]);
  expect(whole.code).toBe(0);
  const results = JSON.parse(jsonOf(whole.out)) as { runs: { weights: string }[] };
  expect(results.runs).toHaveLength(10);
  for (const { weights } of results.runs) expect(weights).toMatch(/^[0-9a-f]{64}$/);

  const path = await folder();
  // In the first run, in the middle of a later one, and right after a run's last step.
  for (const [run, step] of [
    [1, 13],
    [4, 7],
    [6, 20],
  ]) {
    const killed = await runBundle(study, ["momentum", path], (out, kill) => {
      const from = out.indexOf(`run ${run} from`);
      if (from >= 0 && out.indexOf(`step ${step}\n`, from) >= 0) kill("SIGKILL");
    });
    expect(killed.signal).toBe("SIGKILL");
  }
  const last = await runBundle(study, ["momentum", path]);
  expect(last.out.match(/^stored$/gm)!.length).toBeGreaterThanOrEqual(5);
  expect(jsonOf(last.out)).toBe(jsonOf(whole.out));
});

test("the digest of weights is that of the same run without a study", async () => {
  const { out } = await runBundle(study, ["momentum"]);
  const { runs } = JSON.parse(jsonOf(out)) as ExperimentResults;
  const { of, size, values } = tinyPlan("momentum");
  const { train, test: tests } = await packagedMnist("install it");
  const digits = digitsOf(
    { images: train.x, labels: train.y },
    { images: tests.x, labels: tests.y },
  );
  const engine = await wasm({ threads: 2 });
  const [arm, options] = Object.entries(of.arms(values))[1]!;
  let digest = "";
  for await (const event of startRun(of, options, { digits, size, seed: 2, engine }).events)
    if (event.type === "end") digest = weightsDigest(event.params);
  expect(digest).toBe(runs.find((run) => run.arm === arm && run.seed === 2)!.weights);
});

test("of the notes of a run the last one counts, and a cut line is left out", async () => {
  const path = await folder();
  const notes = runNotes(path);
  notes.add({ arm: "a b", seed: 1, weights: "00", seconds: 1 });
  notes.add({ arm: "a b", seed: 1, weights: "11", seconds: 2 });
  const file = join(path, "notes.jsonl");
  await writeFile(file, `${await readFile(file, "utf8")}\n{"arm":"c","se`);
  const again = runNotes(path);
  expect(again.of({ arm: "a b", seed: 1 })).toMatchObject({ weights: "11", seconds: 2 });
  expect(again.of({ arm: "c", seed: 1 })).toBeUndefined();
  again.add({ arm: "c", seed: 1, weights: "22", seconds: 3 });
  expect(runNotes(path).of({ arm: "c", seed: 1 })).toMatchObject({ weights: "22" });
  expect(runNotes(undefined).of({ arm: "c", seed: 1 })).toBeUndefined();
});
