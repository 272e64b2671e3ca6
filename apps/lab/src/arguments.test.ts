import { experiments } from "@tenon/experiments";
import { beforeAll, expect, test } from "vitest";
import { chosen } from "./options.js";
import { changed, changedClaims, commandOf, folderName, planOf } from "./plan.js";
import { bundled, runBundle } from "./testing/bundled.js";

let lab: string;
beforeAll(async () => {
  lab = await bundled("main.ts", "arguments");
});

test("without arguments the experiments are listed, in either language", async () => {
  const [en, ko] = await Promise.all([runBundle(lab, []), runBundle(lab, ["--language", "ko"])]);
  for (const { id } of experiments) {
    expect(en.out).toMatch(new RegExp(`^ *\\d+  ${id} +\\S`, "m"));
    expect(ko.out).toContain(id);
  }
  expect(en.out).toContain("npm run lab -- dropout --quick");
  expect(ko.out).toMatch(/[가-힣]/);
  expect([en.code, en.err]).toEqual([0, ""]);
});

test.each([
  [["nothing"], /^expected an experiment, .*dropout.*, or a number from 1 to \d+, got "nothing"/],
  [["999"], /or a number from 1 to \d+, got "999"/],
  [["dropout", "--set", "rate=2"], /^--set rate expects a number from 0 to 0.9, got "2"/],
  [["dropout", "--set", "rate="], /^--set rate expects a number from 0 to 0.9, got ""/],
  [["dropout", "--set", "speed=2"], /^--set expects one of rate, share of dropout, got "speed"/],
  [["gradients", "--set", "activation=x"], /^--set activation expects one of .*tanh.*, got "x"/],
  [["dropout", "--seeds", "0"], /^--seeds expects a whole number from 1 to 1000, got "0"/],
  [["dropout", "--seed", "1.5"], /^--seed expects a whole number from 0 to 2147483647, got "1.5"/],
  [["dropout", "--seed", "2", "--seeds", "3"], /^--seed is one seed and --seeds are several/],
  [["dropout", "--threads", "two"], /^--threads expects a whole number from 1 to 256, got "two"/],
  [["--language", "fr"], /^--language expects one of en, ko, got "fr"/],
  [["--quick"], /^--quick does nothing here/],
  [["--report", "x"], /^--report does nothing here/],
  [["dropout", "--all"], /^--all runs each experiment: leave out dropout/],
  [["--all", "--set", "rate=0.3"], /^--set is for one experiment/],
  [["dropout", "--report", ""], /^--report expects a folder, got ""/],
  [["init", "--set", "width=100.5"], /^--set width expects a whole number from 16 to 256/],
  [["--fast"], /^unknown option '--fast'.*; see npm run lab -- --help/],
  [["dropout", "--write-docs"], /^--write-docs runs nothing/],
])("%j is refused in one sentence", async (args, message) => {
  const { code, out, err } = await runBundle(lab, args);
  expect(err).toMatch(message);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect([code, out]).toEqual([2, ""]);
});

test("a plan says the command that runs it again", () => {
  const of = experiments.find(({ id }) => id === "dropout")!;
  const plan = planOf(of, { quick: true, seeds: 3, set: ["rate=0.3"] });
  expect(plan.size).toEqual({ ...of.sizes.quick, seeds: 3 });
  expect(changed(plan)).toEqual([["rate", 0.3]]);
  expect(changedClaims(plan)).toEqual([]); // it is the rate of one's own arm
  expect(changedClaims(planOf(of, { set: ["share=0.5"] }))).toEqual([["share", 0.5]]);
  expect(commandOf(plan)).toBe("npm run lab -- dropout --quick --seeds 3 --set rate=0.3");
  expect(folderName(plan)).toBe("dropout-quick-rate=0.3");
  expect(commandOf(planOf(of, {}))).toBe("npm run lab -- dropout");
  const one = planOf(of, { quick: true, seed: 7 });
  expect([one.seeds, one.size.seeds]).toEqual([[7], 1]);
  expect(commandOf(one)).toBe("npm run lab -- dropout --quick --seed 7");
  expect(commandOf(planOf(of, { quick: true, seed: 1 }))).toBe("npm run lab -- dropout --quick");
  expect(commandOf(planOf(of, { seed: 1 }))).toBe("npm run lab -- dropout --seed 1");
});

test("an experiment that is named twice is run once", () => {
  const ids = chosen(["dropout", "momentum", "6"], {}).map(({ id }) => id);
  expect(ids).toEqual(["dropout", "momentum"]);
});
