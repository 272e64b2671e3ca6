import { expect, test } from "vitest";
import type { EndEvent, FinishedRun } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import {
  coloredLines,
  endingOf,
  experiments,
  type Control,
  judgementsOf,
  resultsOf,
  smallEngine,
  startRun,
  startValues,
  weightsDigest,
  withEnding,
  type Experiment,
  type Values,
} from "./index.js";
import { mnistDigits } from "./testing.js";
import { languages, wordsOf } from "./words.js";

const digits = mnistDigits();
const [whole, dense] = await Promise.all([wasm({ threads: 1 }), smallEngine({ threads: 1 })]);
/** The engine of an experiment in the page: the smaller one must do where no more is promised. */
const engineOf = ({ hasConvolutions = false }: Experiment) => (hasConvolutions ? whole : dense);
const size = { train: 96, validation: 64, epochs: 1, batchSize: 32, seeds: 1 };

/** The values at one end of each control that is a number. */
const valuesAt = (of: Experiment, end: "from" | "to"): Values => ({
  ...startValues(of),
  ...Object.fromEntries(
    of.controls.flatMap((control) =>
      control.kind === "number" ? [[control.id, control[end]]] : [],
    ),
  ),
});

/** Of many arms those of claims, and a few others. */
function fewArms({ claims }: Experiment) {
  const named = claims.flatMap((of) => ("better" in of ? [of.better, of.than] : [of.arm]));
  return ([arm]: [string, unknown], i: number, all: readonly unknown[]): boolean =>
    i < 4 || i === all.length - 1 || named.includes(arm);
}

test.each(experiments.map((of) => [of.id, of] as const))(
  "%s: each arm trains, is measured and drawn, and each claim is judged",
  async (_, of) => {
    const values = valuesAt(of, "from"); // the smallest networks
    const engine = engineOf(of);
    const arms = of.arms(values);
    const runs: FinishedRun[] = [];
    for (const [arm, options] of Object.entries(arms).filter(fewArms(of))) {
      const given = { digits, size, seed: 1, engine };
      const { measuring, events } = startRun(of, options, given);
      let end: EndEvent | undefined;
      for await (const event of events) if (event.type === "end") end = event;
      const ending = await endingOf(of, options, given, end!);
      expect(Object.keys(ending.params).length).toBeGreaterThan(0);
      runs.push(withEnding(measuring.finished({ arm, seed: 1 }, end!), ending));
    }
    for (const judgement of judgementsOf(of, values, runs))
      expect(["holds", "doesNotHold", "undecided"]).toContain(judgement.verdict);
    const summary = resultsOf(of, values, runs);
    expect(Object.keys(summary.arms).length).toBeGreaterThan(1);
    for (const [language, words] of await Promise.all(
      languages.map(async (name) => [name, await wordsOf(name)] as const),
    ))
      for (const { chart, id } of of.pictures) {
        const { series, x, y, columns, marks = [] } = chart({ arms, values, size, runs });
        expect(series.flatMap(({ points }) => points).length, id).toBeGreaterThan(1);
        const { common } = words;
        for (const label of [x.label, y.label, ...(columns ? [columns] : [])])
          expect(common.axes, language).toHaveProperty(label);
        for (const { label } of marks) expect(common.marks, language).toHaveProperty(label);
        for (const { part } of series)
          if (part !== undefined) expect(common.series, language).toHaveProperty(part);
      }
  },
);

test("colours are given to what pictures show first, and there are enough", () => {
  const namesIn = (of: Experiment): readonly string[] => coloredLines(of, startValues(of)).arms;
  const named = Object.fromEntries(experiments.map((of) => [of.id, namesIn(of)]));
  expect(named).toMatchObject({
    batchNorm: ["none", "batch"],
    norms: ["none", "batch", "layer", "weight"],
    weightDecay: ["l2", "decoupled", "none"],
    dropout: ["rate=0", "rate=0.2", "rate=0.5", "rate=0.8"],
    architectures: [...["plain", "residual", "1×1", "3×3", "5×5", "pool", "conv", "inception"]],
  });
  for (const arms of Object.values(named)) expect(arms.length).toBeLessThanOrEqual(8);
});

test("claims are about arms that there are, whatever the controls say", () => {
  for (const of of experiments)
    for (const values of [startValues(of), valuesAt(of, "from"), valuesAt(of, "to")]) {
      const arms = of.arms(values);
      for (const claim of of.claims) {
        const names = "better" in claim ? [claim.better, claim.than] : [claim.arm];
        if (!of.groups) for (const name of names) expect(Object.keys(arms), of.id).toContain(name);
        expect({ ...(of.groups ?? of).measures }).toHaveProperty(claim.measure);
      }
      for (const options of Object.values(arms))
        expect(of.code(options, of.sizes.quick, 1)).toContain("fit(model, ");
    }
});

const choiceKeys = (control: Control): string[] =>
  control.kind === "choice"
    ? control.choices.map((choice) => `${control.id}.${choice}`)
    : control.group === undefined
      ? []
      : [`group.${control.group}`];

test("the words of an experiment name what it has, in every language", async () => {
  for (const language of languages) {
    const { tips } = await wordsOf(language);
    expect(Object.keys(tips)).toEqual(experiments.map(({ id }) => id));
    for (const { id, claims, controls, pictures, measures, groups } of experiments) {
      const words = tips[id]!;
      const names = (list: readonly { readonly id: string }[]) => list.map((of) => of.id).sort();
      expect(Object.keys(words.claims).sort()).toEqual(names(claims));
      const [choices, ids] = [true, false].map((isChoice) =>
        Object.keys(words.controls).filter((key) => key.includes(".") === isChoice),
      );
      expect(ids!.sort()).toEqual(names(controls));
      expect(controls.flatMap(choiceKeys)).toEqual(expect.arrayContaining(choices!));
      expect(Object.keys(words.pictures).sort()).toEqual(names(pictures));
      expect(Object.keys(words.measures).sort()).toEqual(
        Object.keys({ ...measures, ...groups?.measures }).sort(),
      );
      for (const text of [words.title, words.question, words.tip, words.where, words.seen])
        expect(text.length).toBeGreaterThan(1);
      if (language === "ko") expect(words.seen).toMatch(/[가-힣]/);
    }
  }
});

test("languages have the same keys", async () => {
  const keys = (value: unknown, path = ""): string[] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}/${key}`))
      : [path];
  const [first, ...others] = await Promise.all(languages.map(wordsOf));
  for (const other of others) expect(keys(other)).toEqual(keys(first));
});

test("the digest of weights is of paths, shapes and bits", () => {
  const array = (shape: readonly number[], ...data: number[]) =>
    ({ shape, dtype: "float32", data: Float32Array.from(data) }) as const;
  const digest = weightsDigest({ b: array([2], 1, 2), a: array([], 0) });
  // sha256 of "a []\n" + 00000000 + "b [2]\n" + 0000803f 00000040, by Python's hashlib.
  expect(digest).toBe("b2aa986a8f0dab83fa776f69fdbd3145141d0d26e776051e6a6044eb7cd1a0e8");
  expect(weightsDigest({ a: array([], 0), b: array([2], 1, 2) })).toBe(digest);
  expect(weightsDigest({ a: array([], -0), b: array([2], 1, 2) })).not.toBe(digest);
});
