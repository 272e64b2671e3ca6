import {
  coloredLines,
  experiments,
  readingOf,
  type Experiment,
  type Readable,
  type Verdict,
} from "@tenon/experiments";
import { type ExperimentResults } from "@tenon/experiments/results";
import { figureWords, svgOf } from "@tenon/figures";
import { duration } from "@tenon/terminal";
import type { MeanOverSeeds } from "@tenon/trainer";
import { halfText, valueText } from "@tenon/experiments/numbers";
import { sizeParts } from "../progress.js";
import { armName, claimText, counted, filled, measuredText, type Texts } from "../texts.js";
import { escaped, table } from "./html.js";
import { style } from "./style.js";

/** The report as one page that needs nothing else. @param other the page in the other language */
export function pageOf(results: readonly ExperimentResults[], texts: Texts, other: string): string {
  const { report } = texts.lab;
  const otherLanguage = texts.language === "en" ? "ko" : "en";
  const spoken = `hreflang="${otherLanguage}" lang="${otherLanguage}"`;
  const isQuick = results.some(({ sizeName }) => sizeName === "quick");
  return `<!doctype html>
<html lang="${texts.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(report.title)}</title>
<style>${style}</style>
<a class="language" href="${other}" ${spoken}>${report.language}</a>
<header>
<h1>${escaped(report.title)}</h1>
<p>${escaped(report.lead)}</p>
${isQuick ? `<p class="note">${escaped(report.quickNote)}</p>` : ""}
</header>
<nav aria-label="${escaped(report.contents)}"><ol>
${results.map((each) => contentsLine(each, texts)).join("\n")}
</ol></nav>
<main>
${results.map((each) => section(each, texts)).join("\n")}
</main>
</html>
`;
}

/** An experiment of results; fails where the program does not know it. */
export function experimentOf({ id }: ExperimentResults): Experiment {
  const found = experiments.find((of) => of.id === id);
  if (!found) throw new RangeError(`experimentOf: expected results of an experiment, got ${id}`);
  return found;
}

/** `3`, of the third tip. */
export const numberOf = ({ id }: ExperimentResults): number =>
  experiments.findIndex((of) => of.id === id) + 1;

const marks: Readonly<Record<Verdict, string>> = { holds: "✔", doesNotHold: "✖", undecided: "○" };

const verdictOf = (verdict: Verdict, { common }: Texts): string =>
  `<span class="verdict ${verdict}">${marks[verdict]} ${escaped(common.verdicts[verdict])}</span>`;

function contentsLine(results: ExperimentResults, texts: Texts): string {
  const title = escaped(texts.tips[results.id]!.title);
  const link = `<a href="#${results.id}">${numberOf(results)} · ${title}</a>`;
  const verdicts = results.judgements.map(
    ({ verdict }) => `<span class="${verdict}" aria-hidden="true">${marks[verdict]}</span>`,
  );
  return `<li>${link} ${verdicts.join(" ")} ${verdictOf(results.verdict, texts)}</li>`;
}

function section(results: ExperimentResults, texts: Texts): string {
  const { id, charts } = results;
  const { title, question, tip, where, seen } = texts.tips[id]!;
  const figures = Object.keys(charts).map((picture) => figure(results, picture, texts));
  const [main = "", ...others] = figures;
  return `<section id="${id}">
<h2>${numberOf(results)} · ${escaped(title)}</h2>
<p class="dim">${escaped(question)}</p>
<p class="tip">${escaped(tip)}</p>
${claims(results, texts)}
${main}
<p>${escaped(seen)}</p>
${others.join("\n")}
${figures.length > 0 ? measures(results, texts) : ""}
<p class="dim">${escaped(where)}</p>
${provenance(results, texts)}
</section>`;
}

function claims(results: ExperimentResults, texts: Texts): string {
  const of = experimentOf(results);
  const lines = results.judgements.map((judgement) => {
    const claim = of.claims.find((each) => each.id === judgement.id);
    const words = claimText(texts.tips[of.id]!, judgement.id, results.values);
    const measured = claim ? measuredText(texts, of, claim, judgement) : "";
    return (
      `<li>${escaped(words)} ${verdictOf(judgement.verdict, texts)}` +
      `<span class="dim">${escaped(measured)}</span></li>`
    );
  });
  return `<ul class="claims">${lines.join("")}</ul>`;
}

/** A picture in two widths, of which the style sheet shows one. */
function figure(results: ExperimentResults, picture: string, texts: Texts): string {
  const { id, charts, values } = results;
  const words = figureWords(texts, id, picture);
  const colored = coloredLines(experimentOf(results), values);
  const drawn = (kind: string, width: number, height: number): string => {
    const options = { id: `${id}-${picture}-${kind}`, width, height, colored };
    return `<div class="${kind}">${svgOf(charts[picture]!, words, options)}</div>`;
  };
  return (
    `<figure><figcaption>${escaped(words.title)}</figcaption>` +
    `${drawn("broad", 680, 380)}${drawn("narrow", 340, 300)}</figure>`
  );
}

/** `98.94 % ± 0.05`, or why there is no value. */
export function meanText(
  reading: Readable,
  mean: MeanOverSeeds | undefined,
  { common }: Texts,
): string {
  if (!mean) return "";
  const without = common.missing[reading.missing ?? "notFinite"];
  if (mean.mean === null) return without;
  const half = mean.interval ? ` ± ${halfText(reading, mean.interval)}` : "";
  const missing = mean.missing > 0 ? ` (${without}: ${mean.missing})` : "";
  return valueText(reading, mean.mean) + half + missing;
}

function measures(results: ExperimentResults, texts: Texts): string {
  const { id, summary, groups } = results;
  const experiment = experimentOf(results);
  const words = texts.tips[id]!.measures;
  const { report } = texts.lab;
  const tables = [groups, summary].flatMap((arms) => {
    if (!arms) return [];
    const names = Object.keys(Object.values(arms)[0]?.measures ?? {});
    const rows = Object.entries(arms).map(([arm, { runs, measures: of }]) => [
      escaped(armName(texts, id, arm)),
      String(runs),
      ...names.map((name) => escaped(meanText(readingOf(experiment, name)!, of[name], texts))),
    ]);
    const heads = [report.arm, report.runs, ...names.map((name) => words[name] ?? name)];
    return [table(heads.map(escaped), rows)];
  });
  return `<details><summary>${escaped(report.table)}</summary>${tables.join("")}</details>`;
}

function provenance(results: ExperimentResults, texts: Texts): string {
  const { id, size, values, runs, provenance: of } = results;
  const { report, threads } = texts.lab;
  const figure = (n: number): string => n.toLocaleString("en");
  const data = { train: figure(size.train), validation: figure(size.validation) };
  const controls = Object.entries(values).map(
    ([name, value]) => `${texts.tips[id]!.controls[name] ?? name}: ${value}`,
  );
  const lines: [string, string][] = [
    [report.runs, [...sizeParts(results, texts), ...controls].join(" · ")],
    ["MNIST", filled(report.data, data)],
    [report.command, of.command],
    [report.date, of.date.slice(0, 10)],
    [report.time, `${duration(of.seconds)}, ${counted(threads, of.threads)}`],
    [report.machine, `${of.machine}, Node ${of.node}`],
    [report.version, of.version],
  ];
  const list = lines.map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`);
  const first = runs[0]?.seed;
  const digests = runs
    .filter(({ seed }) => seed === first)
    .map(({ arm, weights }) => [escaped(armName(texts, id, arm)), `<code>${weights}</code>`]);
  const head = [report.arm, `${report.weights}, ${report.seed} ${first}`].map(escaped);
  return (
    `<details><summary>${escaped(report.provenance)}</summary><dl>${list.join("")}</dl>` +
    `${table(head, digests)}</details>`
  );
}
