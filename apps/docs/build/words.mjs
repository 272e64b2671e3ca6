import { readFileSync } from "node:fs";

export const languages = ["en", "ko"];

/** Where a language's pages are: English ones are at the root. */
export const prefixOf = (language) => (language === "en" ? "" : `/${language}`);

/** What stands around the pages, in a language. */
export const wordsOf = (language) =>
  JSON.parse(readFileSync(new URL(`../words/${language}.json`, import.meta.url), "utf8"));
