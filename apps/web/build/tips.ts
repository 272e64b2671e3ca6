import { fileURLToPath } from "node:url";
import temml from "temml";
import { runnerImport, type Plugin } from "vite";
import type { Tip } from "../src/tip.js";

const name = "virtual:tips";
const experimentsEntry = fileURLToPath(
  new URL("../../../internal/experiments/src/index.ts", import.meta.url),
);

/** Loads a module of the workspace's sources. */
export const sourceModule = async <T>(path: string): Promise<T> =>
  (await runnerImport<T>(path, { configFile: false, logLevel: "error" })).module;

/** What the page knows of each tip, computed once: formulas become MathML here. */
async function allTips(): Promise<readonly Tip[]> {
  const { experiments, startValues } =
    await sourceModule<typeof import("@tenon/experiments")>(experimentsEntry);
  return experiments.map((of) => ({
    id: of.id,
    formula: temml.renderToString(of.formula, { displayMode: true }),
    controls: of.controls,
    claims: of.claims,
    pictures: of.pictures.map(({ id }) => id),
    sizes: of.sizes,
    arms: Object.keys(of.arms(startValues(of))),
  }));
}

/** The module `virtual:tips`. */
export function tips(): Plugin {
  return {
    name: "tips",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: async (id) =>
      id === `\0${name}`
        ? `export const tips = JSON.parse(${JSON.stringify(JSON.stringify(await allTips()))});`
        : undefined,
  };
}
