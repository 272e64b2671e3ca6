import type { Tip } from "./tip.js";
import type { Spoken } from "./words.js";

/** A file of the page that holds JSON. */
export async function json<T>(path: string): Promise<T> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return (await response.json()) as T;
}

export const loadTips = (): Promise<readonly Tip[]> => json("tips.json");

export const loadWords = (language: Spoken["language"]): Promise<Spoken> =>
  json(`words/${language}.json`);
