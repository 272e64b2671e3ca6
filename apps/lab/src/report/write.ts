import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { coloredLines, experiments } from "@tenon/experiments";
import { parseResults, type ExperimentResults } from "@tenon/experiments/results";
import { figureWords, svgOf } from "@tenon/figures";
import { languages, textsIn, type Language } from "../texts.js";
import { experimentOf, pageOf } from "./page.js";

/** Writes a file as a whole or not at all. */
async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.${process.pid}.tmp`;
  await writeFile(next, text);
  await rename(next, file);
}

/** Writes the results of an experiment as JSON, and its pictures as SVG in each language. */
export async function writeResults(folder: string, results: ExperimentResults): Promise<void> {
  const { id, charts, values } = results;
  const colored = coloredLines(experimentOf(results), values);
  const [json, svg] = [join(folder, "results"), join(folder, "pictures")];
  for (const path of [json, svg]) await mkdir(path, { recursive: true });
  await replace(join(json, `${id}.json`), `${JSON.stringify(results)}\n`);
  for (const language of languages) {
    const texts = await textsIn(language);
    for (const [picture, chart] of Object.entries(charts)) {
      const name = `${id}-${picture}.${language}.svg`;
      const options = { id: `${id}-${picture}`, colored, isFile: true };
      await replace(join(svg, name), svgOf(chart, figureWords(texts, id, picture), options));
    }
  }
}

/** The results in a folder, in the order of the tutorial. */
export async function resultsIn(folder: string): Promise<ExperimentResults[]> {
  const files = experiments
    .map(({ id }) => join(folder, `${id}.json`))
    .filter((file) => existsSync(file));
  return Promise.all(files.map(async (file) => parseResults(await readFile(file, "utf8"), file)));
}

/**
 * Writes the report of all results in a folder: `index.html` in the language, and a page beside it
 * in each other one. Gives the path of the first.
 */
export async function writeReport(folder: string, language: Language): Promise<string> {
  const results = await resultsIn(join(folder, "results"));
  const nameOf = (name: Language): string =>
    name === language ? "index.html" : `index.${name}.html`;
  for (const name of languages) {
    const texts = await textsIn(name);
    const others = languages.filter((other) => other !== name).map((other) => nameOf(other));
    await replace(join(folder, nameOf(name)), pageOf(results, texts, others[0]!));
  }
  return join(folder, "index.html");
}
