import type { ExperimentResults } from "@tenon/experiments/results";
import type { Language, Texts } from "../texts.js";
export async function writeReport(folder: string, language: Language): Promise<string> {
  return folder + language;
}
export async function writeResults(
  _folder: string,
  _results: ExperimentResults,
  _texts: Texts,
): Promise<void> {}
