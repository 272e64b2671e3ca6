import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runnerImport, searchForWorkspaceRoot, type Plugin } from "vite";
import type { Readable } from "@tenon/experiments";
import type { ExperimentResults } from "@tenon/experiments/results";
import type { AllWords } from "@tenon/experiments/words";
import type { Tip } from "../src/tip.js";
import { withParticles } from "../src/particles.js";
import { formulaOf } from "./formula.js";
import { staticTips } from "./staticTips.js";

const name = "virtual:experiments";
// Vite bundles its configuration into a file of another folder.
const root = searchForWorkspaceRoot(process.cwd());

type Modules = typeof import("./sources.js");

/** The workspace's modules that the build uses. */
async function modules(): Promise<Modules> {
  const entry = join(root, "apps", "web", "build", "sources.ts");
  return (await runnerImport<Modules>(entry, { configFile: false, logLevel: "error" })).module;
}

/**
 * What a tip's experiment has shown, at its full or its quick size; undefined before it has been
 * run.
 */
function resultsOf({ parseResults }: Modules, id: string): ExperimentResults | undefined {
  const file = join(root, "internal", "experiments", "results", `${id}.json`);
  return existsSync(file) ? parseResults(readFileSync(file, "utf8"), file) : undefined;
}

/** What the page knows of each tip, computed once: formulas become MathML here. */
function allTips(of: Modules): readonly Tip[] {
  return of.experiments.map((experiment) => {
    const { id, controls, claims, pictures, sizes } = experiment;
    const results = resultsOf(of, id);
    const colored = of.coloredLines(experiment, of.startValues(experiment));
    const names = Object.keys({ ...experiment.measures, ...experiment.groups?.measures });
    const readings = names.map((name) => [name, readingPart(of.readingOf(experiment, name)!)]);
    return {
      ...{ id, controls, claims, sizes, pictures: pictures.map((picture) => picture.id) },
      claimed: of.claimedControls(experiment),
      readings: Object.fromEntries(readings),
      formulas: Object.fromEntries(
        of.spoken.map(({ language, all }) => [
          language,
          formulaOf(experiment.formula, all.common.formula, colored.arms),
        ]),
      ) as Tip["formulas"],
      ...(results && {
        results: {
          ...{ judgements: results.judgements, size: results.size },
          ...{ verdict: results.verdict, sizeName: results.sizeName },
        },
      }),
      colored,
    };
  });
}

/** A reading without the measure that it is a part of. */
const readingPart = ({ better, percent, missing }: Readable): Readable => ({
  better,
  ...(percent && { percent }),
  ...(missing && { missing }),
});

/** A picture as SVG, made for a width in pixels at which its texts are as large as the page's. */
export interface MadeFigure {
  readonly width: number;
  readonly svg: string;
}

/** The pictures of a tip's experiment, each from narrow to broad, for one language. */
export interface MadeFigures {
  readonly size: ExperimentResults["size"];
  readonly figures: Readonly<Record<string, readonly MadeFigure[]>>;
}

/** Widths of figures on a phone, side by side, and alone; heights of a first and another one. */
const sizes = [
  { width: 340, heights: [330, 270] },
  { width: 460, heights: [340, 290] },
  { width: 860, heights: [390, 330] },
] as const;

function figuresOf(of: Modules, tip: Tip, words: AllWords): MadeFigures | undefined {
  const results = resultsOf(of, tip.id);
  if (!results) return undefined;
  const draw = (picture: string, i: number): [string, readonly MadeFigure[]] => [
    picture,
    sizes.map(({ width, heights }) => {
      const id = `${tip.id}-${picture}-${width}`;
      const options = { id, width, height: heights[Math.min(i, 1)]!, colored: tip.colored };
      const figure = of.figureWords(words, tip.id, picture);
      return { width, svg: of.svgOf(results.charts[picture]!, figure, options) };
    }),
  ];
  const drawn = tip.pictures.filter((picture) => results.charts[picture]).map(draw);
  return { size: results.size, figures: Object.fromEntries(drawn) };
}

/** What the page loads besides scripts, by path: tips, words and figures. */
function dataFiles(of: Modules): ReadonlyMap<string, unknown> {
  const tips = allTips(of);
  const files = new Map<string, unknown>([["tips.json", tips]]);
  for (const spoken of of.spoken) {
    files.set(`words/${spoken.language}.json`, JSON.parse(withParticles(JSON.stringify(spoken))));
    files.set(`words/doctor-${spoken.language}.json`, of.doctorTexts[spoken.language]);
    for (const tip of tips) {
      const figures = figuresOf(of, tip, spoken.all);
      if (figures) files.set(`figures/${tip.id}.${spoken.language}.json`, figures);
    }
  }
  return files;
}

/** The module that loads each experiment by itself. */
function loaders({ experiments, tipModules }: Modules): string {
  const lines = experiments.map((experiment) => {
    for (const [file, module] of Object.entries(tipModules))
      for (const [name, value] of Object.entries(module))
        if (value === experiment) {
          const path = JSON.stringify(join(root, "apps", "web", "build", file));
          return `${JSON.stringify(experiment.id)}: async () => (await import(${path})).${name},`;
        }
    throw new Error(`no module of tips exports the experiment ${experiment.id}`);
  });
  return `export const experimentOf = {\n${lines.join("\n")}\n};`;
}

let loaded: Promise<Modules> | undefined;
/** The page and its worker are built with the same modules. */
const load = (): Promise<Modules> => (loaded ??= modules());

/** The doctor's texts: the page loads them as data, like all other words. */
const doctorTexts = /packages[\\/]doctor[\\/]src[\\/]texts[\\/](en|ko)\.ts$/;

/** The module `virtual:experiments`, and the doctor without its texts, for the worker. */
export const workerModules = (): Plugin => ({
  name: "worker-modules",
  resolveId: (id) => (id === name ? `\0${name}` : undefined),
  async load(id) {
    if (id === `\0${name}`) return loaders(await load());
    const language = doctorTexts.exec(id)?.[1];
    if (!language) return undefined;
    return `export const ${language} = {};`; // filled when it is spoken
  },
});

/** The data of the tips, and the tips as text for readers without scripts. */
export const tips = (): Plugin => ({
  name: "tips",
  configureServer: ({ middlewares }) =>
    void middlewares.use((request, response, next) => {
      const path = request.url?.split("?")[0]?.slice(1) ?? "";
      if (!/^(tips|words\/[\w-]+|figures\/[\w.]+)\.json$/.test(path)) return next();
      load().then((of) => {
        const found = dataFiles(of).get(path);
        response.statusCode = found ? 200 : 404;
        response.setHeader("content-type", "application/json");
        response.end(found ? JSON.stringify(found) : "");
      }, next);
    }),
  async transformIndexHtml(html) {
    const of = await load();
    const { all } = of.spoken.find(({ language }) => language === "en")!;
    const figures = (tip: Tip) => figuresOf(of, tip, all);
    const claimOf = (tip: Tip, claim: string): string =>
      of.claimText(all.tips[tip.id]!, claim, of.startValues(tip));
    const text = staticTips(allTips(of), all, figures, claimOf);
    return html.replace("<!--tips-->", text);
  },
  async generateBundle() {
    for (const [fileName, data] of dataFiles(await load()))
      this.emitFile({ type: "asset", fileName, source: JSON.stringify(data) });
  },
});
