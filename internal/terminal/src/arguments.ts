import { fail } from "./fail.js";

/** Which numbers may be given. */
export interface Range {
  readonly low: number;
  readonly high?: number;
  readonly whole?: boolean;
}

export const within = (x: number, { low, high = Infinity, whole = false }: Range): boolean =>
  x >= low && x <= high && Number.isFinite(x) && (!whole || Number.isInteger(x));
export const said = ({ low, high, whole = false }: Range): string =>
  `${whole ? "a whole number" : "a number"} from ${low}${high === undefined ? " up" : ` to ${high}`}`;

/** A flag's number in a range. */
export function numberIn(flag: string, range: Range): (text: string) => number {
  return (text) => {
    const x = Number(text);
    return text.trim() !== "" && within(x, range)
      ? x
      : fail(`${flag} expects ${said(range)}, got "${text}"`, 2);
  };
}

/** One of a flag's words. */
export function oneOf(flag: string, words: readonly string[]): (text: string) => string {
  return (text) =>
    words.includes(text)
      ? text
      : fail(`${flag} expects one of ${words.join(", ")}, got "${text}"`, 2);
}

/** The language of the environment, where it is one of these; else the first. */
export function languageIn<L extends string>(
  env: Readonly<Record<string, string | undefined>>,
  languages: readonly [L, ...L[]],
): L {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return (
    languages.find((name) => new RegExp(`^${name}([_.@-]|$)`, "i").test(locale)) ?? languages[0]
  );
}
