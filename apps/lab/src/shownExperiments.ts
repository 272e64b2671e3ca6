import { coloredLines } from "@tenon/experiments";
import type { ExperimentResults } from "@tenon/experiments/results";
import { figureWords, paletteVariables, svgOf } from "@tenon/figures";
import { experimentOf } from "./report/page.js";
import { resultsIn } from "./report/write.js";
import { claimText, measuredText, textsIn, type Language, type Texts } from "./texts.js";

/** What the documentation site shows of a finished experiment, in one language. */
export interface ShownExperiment {
  readonly id: string;
  readonly title: string;
  readonly tip: string;
  readonly seen: string;
  readonly where: string;
  readonly verdict: string;
  /** How many claims hold, and of how many. */
  readonly held: readonly [number, number];
  /** Each claim with its verdict and what was measured. */
  readonly claims: readonly (readonly [string, string, string])[];
  /** The first picture, broad and narrow, as HTML. */
  readonly figure: string;
}

/** The experiments whose results are in a folder, in their order. */
export async function shownExperiments(
  folder: string,
  language: Language,
): Promise<ShownExperiment[]> {
  const texts = await textsIn(language);
  return (await resultsIn(folder)).map((results) => shown(results, texts));
}

/** The colors of arms, for a style sheet. */
export const armColors: Readonly<Record<"light" | "dark", string>> = paletteVariables;

function shown(results: ExperimentResults, texts: Texts): ShownExperiment {
  const { id, judgements, verdict, values } = results;
  const words = texts.tips[id]!;
  const { verdicts } = texts.common;
  const of = experimentOf(results);
  return {
    ...{ id, title: words.title, tip: words.tip, seen: words.seen, where: words.where },
    verdict: verdicts[verdict],
    held: [judgements.filter((each) => each.verdict === "holds").length, judgements.length],
    claims: judgements.map((judgement) => {
      const claim = of.claims.find((each) => each.id === judgement.id);
      const measured = claim ? measuredText(texts, of, claim, judgement) : "";
      return [claimText(words, judgement.id, values), verdicts[judgement.verdict], measured];
    }),
    figure: figureOf(results, texts),
  };
}

/** A picture in two widths, of which the style sheet shows one. */
function figureOf(results: ExperimentResults, texts: Texts): string {
  const { id, charts, values } = results;
  const picture = Object.keys(charts)[0]!;
  const words = figureWords(texts, id, picture);
  const colored = coloredLines(experimentOf(results), values);
  const drawn = (kind: string, width: number, height: number): string => {
    const options = { id: `${id}-${kind}`, width, height, colored };
    return `<div class="${kind}">${svgOf(charts[picture]!, words, options)}</div>`;
  };
  return (
    `<figure class="chart"><figcaption>${words.title}</figcaption>` +
    `${drawn("broad", 680, 360)}${drawn("narrow", 340, 300)}</figure>`
  );
}
