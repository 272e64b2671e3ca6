// What the build uses of the workspace's packages. Vite loads this module, since Node cannot load
// their sources; it closes its loader afterwards, so that words must be read at once.
import { languages, wordsOf } from "@tenon/experiments/words";
import type { UiWords } from "../src/words.js";
import en from "../src/words/en.json" with { type: "json" };
import ko from "../src/words/ko.json" with { type: "json" };

export { texts as doctorTexts } from "@tenon/doctor";
export {
  claimedControls,
  coloredLines,
  experiments,
  readingOf,
  startValues,
} from "@tenon/experiments";
export { claimText } from "@tenon/experiments/words";
export { parseResults } from "@tenon/experiments/results";
export { figureWords, svgOf } from "@tenon/figures";

const ui: Readonly<Record<(typeof languages)[number], UiWords>> = { en, ko };

/** All words, by language. */
export const spoken = await Promise.all(
  languages.map(async (language) => ({
    ...{ language, ui: ui[language], all: await wordsOf(language) },
  })),
);

/** The modules of the tips, by their files. */
export const tipModules = import.meta.glob<Readonly<Record<string, unknown>>>(
  ["../../../internal/experiments/src/tips/*.ts", "!**/*.test.ts"],
  { eager: true },
);
