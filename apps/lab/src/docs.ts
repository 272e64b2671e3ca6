import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keras, notebook } from "@tenon/experiments/dropoutReferences";
import { readingOf } from "@tenon/experiments";
import { parseResults, type ExperimentResults } from "@tenon/experiments/results";
import { duration, fail, wrapped, type Outside } from "@tenon/terminal";

import { sizeParts } from "./progress.js";
import { experimentOf, meanText, numberOf } from "./report/page.js";
import { resultsIn } from "./report/write.js";
import { root } from "./root.js";
import { armName, claimText, filled, measuredText, type Texts } from "./texts.js";

/** Where the results are that the docs and the page are made of. */
export const checkedIn = (): string => join(root(), "internal", "experiments", "results");

/**
 * Writes docs/lab.md from the checked-in results, after those of a report have replaced them, if
 * there is one. Gives the exit code.
 */
export async function writeDocs(
  report: string | undefined,
  texts: Texts,
  outside: Outside,
): Promise<number> {
  const written: string[] = [];
  if (report !== undefined) {
    const results = await resultsIn(join(report, "results"));
    if (results.length === 0) fail(`expected results in ${join(report, "results")}, got none`, 2);
    await mkdir(checkedIn(), { recursive: true });
    for (const each of results) {
      const file = join(checkedIn(), `${each.id}.json`);
      if (each.sizeName === "quick" && (await isFull(file))) {
        outside.warn(`${each.id}: the results of its full size stay, the quick ones are left out`);
        continue;
      }
      await writeFile(file, `${JSON.stringify(each)}\n`);
      written.push(file);
    }
  }
  const page = join(root(), "docs", "lab.md");
  await writeFile(page, docsPage(await resultsIn(checkedIn()), texts));
  outside.write(`${filled(texts.lab.docsWritten, { paths: [...written, page].join(" ") })}\n`);
  return 0;
}

const isFull = async (file: string): Promise<boolean> =>
  existsSync(file) && parseResults(await readFile(file, "utf8"), file).sizeName === "full";

/** The page docs/lab.md, as Prettier formats it. */
export function docsPage(results: readonly ExperimentResults[], texts: Texts): string {
  const overview = results.map((each) => {
    const { tips, common } = texts;
    const { title } = tips[each.id]!;
    const held = each.judgements.filter(({ verdict }) => verdict === "holds").length;
    return [
      `${numberOf(each)}`,
      `[${title}](#${anchor(`${numberOf(each)}. ${title}`)})`,
      common.verdicts[each.verdict],
      `${held} of ${each.judgements.length}`,
      `${each.size.seeds}${each.sizeName === "quick" ? " (quick size)" : ""}`,
    ];
  });
  return [
    "# The lab: the tutorial's tips, measured",
    paragraph(
      "`npm run lab` lists the experiments, `npm run lab -- dropout` runs one, and " +
        "`npm run lab -- --all --report DIR` runs all of them and writes a report with pictures. " +
        "This page is written by `npm run lab -- --write-docs` from `internal/experiments/results`.",
    ),
    paragraph(
      `${texts.lab.report.lead} A claim does not hold if the interval lies on the other side, and ` +
        "is not decided if it lies on both; a claim that does not hold is a result, too. The data " +
        "are MNIST's. The same command gives the same weights on every machine; their SHA-256 is " +
        "in the results.",
    ),
    markdownTable(["#", "tip", "all claims together", "claims that hold", "seeds"], overview),
    ...results.flatMap((each) => sectionOf(each, texts)),
  ]
    .join("\n\n")
    .concat("\n");
}

/** A paragraph in lines that are easy to read in an editor. */
const paragraph = (text: string): string => wrapped(text, 120);

/** The anchor that a heading has on GitHub. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

function sectionOf(results: ExperimentResults, texts: Texts): string[] {
  const { id, judgements, groups, summary, provenance, values } = results;
  const words = texts.tips[id]!;
  const { title, tip, where } = words;
  const of = experimentOf(results);
  const rows = judgements.map((judgement) => {
    const claim = of.claims.find((each) => each.id === judgement.id);
    return [
      claimText(words, judgement.id, values),
      `**${texts.common.verdicts[judgement.verdict]}**`,
      claim ? measuredText(texts, of, claim, judgement) : "",
    ];
  });
  const { node, machine, threads, seconds, date, version } = provenance;
  const note = results.sizeName === "quick" ? `_${texts.lab.report.quickNote}_ ` : "";
  return [
    `## ${numberOf(results)}. ${title}`,
    paragraph(tip),
    `${note}${sizeParts(results, texts).join(" · ")}.`,
    markdownTable(["claim", "verdict", "measured"], rows),
    ...(id === "dropout" ? [dropoutTable(results, texts)] : []),
    ...[groups, summary].flatMap((arms) => (arms ? [armsTable(results, arms, texts)] : [])),
    paragraph(
      `${where}. Run by \`${provenance.command}\` on ${date.slice(0, 10)} in ${duration(seconds)} ` +
        `(${machine}, Node ${node}, ${threads} threads, version ${version}).`,
    ),
  ];
}

function armsTable(
  results: ExperimentResults,
  arms: ExperimentResults["summary"],
  texts: Texts,
): string {
  const { id } = results;
  const of = experimentOf(results);
  const words = texts.tips[id]!.measures;
  const names = Object.keys(Object.values(arms)[0]?.measures ?? {});
  const rows = Object.entries(arms).map(([arm, { measures }]) => [
    armName(texts, id, arm),
    ...names.map((name) => meanText(readingOf(of, name)!, measures[name], texts)),
  ]);
  return markdownTable(["", ...names.map((name) => words[name] ?? name)], rows);
}

/** The tutorial's experiment beside the tutorial's own figures and those of its own libraries. */
function dropoutTable({ summary, size }: ExperimentResults, texts: Texts): string {
  const rows = Object.keys(notebook).map((rate) => [
    rate,
    fraction(notebook[rate]!),
    keras[rate]!.map(fraction).join(" "),
    ...hereOf(summary[`rate=${rate}`], texts),
  ]);
  const made = paragraph(
    "The tutorial's notebook and Keras, the tutorial's own library, with 60,000 digits and five " +
      `epochs; here with ${size.train.toLocaleString("en")} digits, ${size.epochs} epochs:`,
  );
  const table = markdownTable(
    [
      "dropout",
      "the tutorial prints",
      "Keras 3.15, two seeds",
      "here, mean",
      "95 % interval",
      "seeds",
    ],
    rows,
  );
  return `${made}\n\n${table}`;
}

/** `.9894`, as the tutorial writes it. */
const fraction = (value: number): string => value.toFixed(4).replace(/^0/, "");

function hereOf(arm: ExperimentResults["summary"][string] | undefined, texts: Texts): string[] {
  const accuracy = arm?.measures["accuracy"];
  if (!accuracy || accuracy.mean === null) return ["", "", "0"];
  const { mean, interval, n } = accuracy;
  const range = interval?.map(fraction).join(" to ") ?? texts.lab.report.noInterval;
  return [fraction(mean), range, String(n)];
}

/** A table as Prettier formats it. */
function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = heads.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = cells.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}
