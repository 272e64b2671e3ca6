import { relative } from "node:path";
import { flowed, widthOf, wrapped } from "./layout.js";

const windows = process.platform === "win32";

/** A word in the form that a shell reads as one word: in quotes where it needs them. */
export function quoted(word: string, forWindows: boolean = windows): string {
  if ((forWindows ? /^[\w@+=:,./\\-]+$/ : /^[\w@%+=:,./-]+$/).test(word)) return word;
  return forWindows
    ? `"${word.replaceAll('"', '""')}"`
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The folder that the app runs in; the root where that was deleted. */
function here(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/** A path as one would type it: from here if it is below, and never taken for a flag. */
export function shown(path: string, from: string = here()): string {
  const near = relative(from, path) || ".";
  if (/^\.\.([\\/]|$)/.test(near)) return path;
  return near.startsWith("-") ? `./${near}` : near;
}

/** A call of the sample app that can be pasted into a shell. */
export const call = (...words: readonly string[]): string =>
  ["npm start --", ...words.map((word) => quoted(word))].join(" ");

/** A call of the lab. */
export const labCall = (...words: readonly string[]): string =>
  ["npm run lab --", ...words.map((word) => quoted(word))].join(" ");

/** The command that continues the run in a folder. */
export const resumeCall = (folder: string, ...words: readonly string[]): string =>
  call("resume", shown(folder), ...words);

/**
 * A call in lines of at most `columns` columns, as far as its words allow; it can still be pasted.
 */
export function brokenCall(text: string, columns: number): string {
  if (windows || widthOf(text) <= columns) return text;
  // A word, with what is in its quotes.
  const words = text.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  return flowed(words, columns - 2, { gap: 1, indent: 6, end: " \\\n" });
}

/**
 * Text in lines of at most `columns` columns, as far as its words allow. A call at its end has
 * lines of its own, and can still be pasted.
 */
export function fitted(text: string, columns: number): string {
  const fits = (line: string): boolean => widthOf(line) <= columns;
  if (text.split("\n").every(fits)) return text;
  const [, before = text, command] = /^([^]*?) (npm (?:start|run lab) -- [^]*)$/.exec(text) ?? [];
  const lines = before.split("\n").map((line) => (fits(line) ? line : wrapped(line, columns)));
  if (command !== undefined) lines.push(`  ${brokenCall(command, columns - 2)}`);
  return lines.join("\n");
}
