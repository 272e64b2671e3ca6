import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import temml from "temml";
import { runnerImport, type Plugin } from "vite";
import type { ExperimentResults } from "@tenon/experiments/results";
import type { AllWords, Language } from "@tenon/experiments/words";
import type { Tip } from "../src/tip.js";
import { staticTips } from "./staticTips.js";

const name = "virtual:tips";
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A module of the workspace's sources, which Node cannot import as they are. */
const source = async <T>(path: string): Promise<T> =>
  (await runnerImport<T>(join(root, path), { configFile: false, logLevel: "error" })).module;

/** The workspace's modules that the build uses. */
async function modules() {
  const [experiments, results, words, figures] = await Promise.all([
    source<typeof import("@tenon/experiments")>("internal/experiments/src/index.ts"),
    source<typeof import("@tenon/experiments/results")>("internal/experiments/src/results.ts"),
    source<typeof import("@tenon/experiments/words")>("internal/experiments/src/words.ts"),
    source<typeof import("@tenon/figures")>("internal/figures/src/index.ts"),
  ]);
  const spoken = await Promise.all(
    words.languages.map(
      async (language) => [language, await words.wordsOf(language)] as const,
    ),
  );
  return { ...experiments, ...results, ...figures, spoken };
}
type Modules = Awaited<ReturnType<typeof modules>>;

/** What a tip's full experiment has shown; undefined before it has been run. */
function resultsOf({ parseResults }: Modules, id: string): ExperimentResults | undefined {
  const file = join(root, "results", `${id}.json`);
  return existsSync(file) ? parseResults(readFileSync(file, "utf8"), file) : undefined;
}

/** What the page knows of each tip, computed once: formulas become MathML here. */
function allTips(of: Modules): readonly Tip[] {
  return of.experiments.map((experiment) => {
    const { id, controls, claims, pictures, sizes } = experiment;
    const results = resultsOf(of, id);
    return {
      ...{ id, controls, claims, sizes, pictures: pictures.map((picture) => picture.id) },
      formula: temml.renderToString(experiment.formula, { displayMode: true }),
      ...(results && {
        results: {
          ...{ judgements: results.judgements, size: results.size, verdict: results.verdict },
        },
      }),
      arms: Object.keys(experiment.arms(of.startValues(experiment))),
    };
  });
}

/** The pictures of a tip's full experiment as SVG, for one language. */
export interface MadeFigures {
  readonly size: ExperimentResults["size"];
  readonly figures: Readonly<Record<string, string>>;
}

function figuresOf(of: Modules, tip: Tip, words: AllWords): MadeFigures | undefined {
  const results = resultsOf(of, tip.id);
  if (!results) return undefined;
  const draw = (picture: string, i: number): [string, string] => [
    picture,
    of.svgOf(results.charts[picture]!, of.figureWords(words, tip.id, picture), {
      ...{ id: `${tip.id}-${picture}`, arms: tip.arms, width: 720, height: i === 0 ? 380 : 340 },
    }),
  ];
  const drawn = tip.pictures.filter((picture) => results.charts[picture]).map(draw);
  return { size: results.size, figures: Object.fromEntries(drawn) };
}

/** All figures, by the path that the page loads them from. */
function figureFiles(of: Modules, tips: readonly Tip[]): ReadonlyMap<string, MadeFigures> {
  const files = tips.flatMap((tip) =>
    of.spoken.flatMap(([language, words]): [string, MadeFigures][] => {
      const figures = figuresOf(of, tip, words);
      return figures ? [[figurePath(tip.id, language), figures]] : [];
    }),
  );
  return new Map(files);
}
const figurePath = (id: string, language: Language): string => `figures/${id}.${language}.json`;

/** The module `virtual:tips`, the figures, and the tips as text for readers without scripts. */
export function tips(): Plugin {
  let loaded: Promise<Modules> | undefined;
  const load = (): Promise<Modules> => (loaded ??= modules());
  return {
    name: "tips",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      const all = JSON.stringify(allTips(await load()));
      return `export const tips = JSON.parse(${JSON.stringify(all)});`;
    },
    configureServer: ({ middlewares }) =>
      void middlewares.use((request, response, next) => {
        const path = request.url?.split("?")[0]?.slice(1) ?? "";
        if (!path.startsWith("figures/")) return next();
        void load().then((of) => {
          const found = figureFiles(of, allTips(of)).get(path);
          response.statusCode = found ? 200 : 404;
          response.setHeader("content-type", "application/json");
          response.end(found ? JSON.stringify(found) : "");
        }, next);
      }),
    async transformIndexHtml(html) {
      const of = await load();
      const all = allTips(of);
      const english = of.spoken.find(([language]) => language === "en")![1];
      return html.replace(
        "<!--tips-->",
        staticTips(all, english, (tip) => figuresOf(of, tip, english)),
      );
    },
    async generateBundle() {
      const of = await load();
      for (const [fileName, figures] of figureFiles(of, allTips(of)))
        this.emitFile({ type: "asset", fileName, source: JSON.stringify(figures) });
    },
  };
}
