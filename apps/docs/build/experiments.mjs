import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { sources } from "../../../scripts/lib/bundle.mjs";
import { root } from "../../../scripts/lib/root.mjs";
import { cache } from "./places.mjs";
import { languages, wordsOf } from "./words.mjs";

/**
 * The finished experiments by language, and the colors of their arms: see
 * apps/lab/src/shownExperiments.ts.
 */
export async function experimentsByLanguage() {
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, "experiments.mjs");
  await build({
    entryPoints: [join(root, "apps", "lab", "src", "shownExperiments.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    external: ["canvas"],
    alias: sources(),
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  const { shownExperiments, armColors } = await import(pathToFileURL(outfile).href);
  const results = join(root, "internal", "experiments", "results");
  const shown = await Promise.all(
    languages.map(async (language) => [language, await shownExperiments(results, language)]),
  );
  return { experiments: Object.fromEntries(shown), armColors };
}

/** docs/lab.md with a picture behind each tip. */
export const withFigures = (text, experiments) =>
  text
    .split(/(?=^## )/m)
    .map((section) => {
      const shown = experiments.find(({ title }) =>
        section.startsWith(`## ${numberOf(experiments, title)}. ${title}\n`),
      );
      if (!shown) return section;
      return section.replace(/\n\n(?=full size|_)/, (gap) => `${gap}${shown.figure}${gap}`);
    })
    .join("");

const numberOf = (experiments, wanted) =>
  experiments.findIndex(({ title }) => title === wanted) + 1;

/** The same page in another language, from the words of the experiments. */
export function experimentsText(experiments, language) {
  const words = wordsOf(language).experiments;
  const cell = (text) => text.replaceAll("|", "\\|");
  const rows = (lists) => lists.map((list) => `| ${list.map(cell).join(" | ")} |`).join("\n");
  const table = (head, lists) => `${rows([head, head.map(() => "---")])}\n${rows(lists)}`;
  const slug = (text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
  const overview = experiments.map(({ title, verdict, held: [held, of] }, i) => [
    ...[String(i + 1), `[${title}](#${slug(`${i + 1}. ${title}`)})`, verdict, `${held} / ${of}`],
  ]);
  const sections = experiments.map(({ title, tip, seen, where, claims, figure }, i) =>
    [
      `## ${i + 1}. ${title}`,
      tip,
      figure,
      seen,
      table(
        words.claim,
        claims.map(([claim, verdict, measured]) => [claim, `**${verdict}**`, measured]),
      ),
      where,
    ].join("\n\n"),
  );
  return [`# ${words.title}`, words.lead, table(words.overview, overview), ...sections].join(
    "\n\n",
  );
}
