import { describe } from "@tenon/doctor";
import type { ExperimentResults } from "@tenon/experiments/results";
import { fitted, flowed, indented, padded, widthOf, wrapped } from "@tenon/terminal";
import colors from "picocolors";
import { changedClaims, commandOf, type Plan } from "./plan.js";
import type { RunNotes } from "./runNotes.js";
import { armName, claimText, filled, measuredText, valuesText, type Texts } from "./texts.js";

const marks = {
  holds: colors.green("✔"),
  doesNotHold: colors.red("✖"),
  undecided: colors.yellow("○"),
} as const;
const paints = { holds: colors.green, doesNotHold: colors.red, undecided: colors.yellow } as const;

/** What the experiment says in the end, in lines of at most `columns` columns. */
export function conclusion(
  plan: Plan,
  results: ExperimentResults,
  notes: RunNotes,
  { texts, columns }: { readonly texts: Texts; readonly columns: number },
): string {
  const { lab, tips } = texts;
  const { id } = plan.of;
  const words = tips[id]!;
  const titles = Math.max(...[lab.tip, lab.where, lab.doctor].map(widthOf));
  const block = (title: string, text: string): string =>
    wrapped(`${padded(colors.bold(title), titles)}  ${text}`, columns, titles + 2);
  return [
    colors.bold(lab.verdict),
    ...plan.of.claims.map((claim, i) => {
      const judgement = results.judgements[i]!;
      const { verdict } = judgement;
      const said = paints[verdict](texts.common.verdicts[verdict]);
      const head = `${marks[verdict]} ${claimText(words, claim.id, plan.values)}`.split(" ");
      const measured = measuredText(texts, plan.of, claim, judgement);
      return [
        flowed([...head, ...`– ${said}`.split(" ")], columns, { gap: 1 }),
        colors.dim(indented(measured, columns, 2)),
      ].join("\n");
    }),
    ...(changedClaims(plan).length > 0
      ? [
          fitted(
            filled(lab.changedValues, { values: valuesText(words, changedClaims(plan)) }),
            columns,
          ),
        ]
      : []),
    ...(plan.size.seeds > 1
      ? []
      : [
          fitted(
            filled(lab.oneSeed, {
              call: commandOf({ ...plan, seeds: [1, 2, 3, 4, 5] }),
            }),
            columns,
          ),
        ]),
    "",
    block(lab.tip, words.tip),
    block(lab.where, words.where),
    ...doctorLines(plan, notes, texts).map((text) => block(lab.doctor, text)),
    "",
    ...weightLines(plan, results, texts, columns),
  ].join("\n");
}

/** What the doctor found first in the runs that are sick: nothing, or a sentence. */
function doctorLines(plan: Plan, notes: RunNotes, texts: Texts): string[] {
  const { of, values, seeds } = plan;
  const sick = Object.keys(of.arms(values)).flatMap((arm) => {
    const note = seeds.map((seed) => notes.of({ arm, seed })).find((each) => each?.finding);
    return note ? [note] : [];
  });
  // One that ends a run says more than one that slows it.
  const first = sick.find(({ finding }) => finding!.finding.severity === "error") ?? sick[0];
  if (!first) return [];
  const { finding, step } = first.finding!;
  const { title, meaning } = describe(finding, texts.language);
  const arm = armName(texts, of.id, first.arm);
  const which = filled(texts.lab.doctorArm, { arm, seed: first.seed });
  const mark = finding.severity === "error" ? colors.red("✖") : colors.yellow("▲");
  return [`${mark} ${which}, ${texts.common.axes.step} ${step}: ${title}. ${meaning}`];
}

/**
 * The digests of the weights with the first seed: of the arms that are claimed about, if of many.
 */
function weightLines(
  plan: Plan,
  results: ExperimentResults,
  texts: Texts,
  columns: number,
): string[] {
  const { id, claims } = plan.of;
  const claimed = claims.flatMap((claim) =>
    "better" in claim ? [claim.better, claim.than] : [claim.arm],
  );
  const first = results.runs.filter(({ seed }) => seed === plan.seeds[0]);
  const some = first.length <= 6 ? first : first.filter(({ arm }) => claimed.includes(arm));
  const shown = some.length > 0 ? some : first.slice(0, 2);
  const names = shown.map(({ arm }) => armName(texts, id, arm));
  const wide = Math.max(...names.map(widthOf));
  const isTwoLines = wide + 2 + 64 > columns;
  return [
    colors.dim(filled(texts.lab.weights, { seed: plan.seeds[0] })),
    ...shown.map(({ weights }, i) =>
      colors.dim(
        isTwoLines ? `${names[i]!}\n  ${weights}` : `${padded(names[i]!, wide)}  ${weights}`,
      ),
    ),
  ];
}
