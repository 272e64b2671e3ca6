import type { Values } from "./experiment.js";
import type { en } from "./words/en/index.js";

/** The languages, in the order in which they are offered. */
export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

/** The words of an experiment. */
export interface Words {
  /** The tip in a few words. */
  readonly title: string;
  readonly question: string;
  /** The tip, in one sentence. */
  readonly tip: string;
  /** Where the tutorial and its sources say it. */
  readonly where: string;
  /** What one sees, for those who do not see it, too: a few sentences. */
  readonly seen: string;
  /** The value of a control stands in braces: `"With a patience of {patience}, …"`. */
  readonly claims: Readonly<Record<string, string>>;
  /**
   * The names of arms, and of what else is drawn. One for all arms of a sweep has places in braces:
   * `"rate={rate}": "dropout {rate}"`. What has no name stands for itself.
   */
  readonly arms: Readonly<Record<string, string>>;
  /** By their ids; of a choice, such as `rule.same`, if it does not stand for itself. */
  readonly controls: Readonly<Record<string, string>>;
  readonly pictures: Readonly<Record<string, string>>;
  /** The names of measures. */
  readonly measures: Readonly<Record<string, string>>;
}

/** Words that several experiments share. */
export type CommonWords = (typeof en)["common"];

export interface AllWords {
  readonly common: CommonWords;
  readonly tips: Readonly<Record<string, Words>>;
}

/** A text with values in place of names in braces: `run {run} of {runs}`. */
export const filled = (
  text: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in values ? String(values[name] ?? "") : place,
  );

/** The name of an arm for readers. */
export function nameOfArm({ arms }: Pick<Words, "arms">, arm: string): string {
  if (Object.hasOwn(arms, arm)) return arms[arm]!;
  for (const [pattern, name] of Object.entries(arms)) {
    const values = valuesIn(arm, pattern);
    if (values) return name.replace(/\{(\w+)\}/g, (place, id: string) => values[id] ?? place);
  }
  return arm;
}

/** A claim for readers, with the values of controls in their places. */
export const claimText = (
  words: Pick<Words, "claims" | "controls">,
  claim: string,
  values: Values,
): string =>
  (words.claims[claim] ?? claim).replace(/\{(\w+)\}/g, (place, id: string) =>
    id in values ? valueText(words, id, values[id]!) : place,
  );

/** `patience, in epochs: 10`, for each of some controls. */
export const valuesText = (
  words: Pick<Words, "controls">,
  changed: readonly (readonly [id: string, value: number | string])[],
): string =>
  changed
    .map(([id, value]) => `${words.controls[id] ?? id}: ${valueText(words, id, value)}`)
    .join(", ");

const valueText = (
  { controls }: Pick<Words, "controls">,
  id: string,
  value: number | string,
): string =>
  typeof value === "number"
    ? String(Number(value.toPrecision(3)))
    : (controls[`${id}.${value}`] ?? value);

/** What an arm has in the places of a pattern; undefined where it does not fit. */
function valuesIn(arm: string, pattern: string): Readonly<Record<string, string>> | undefined {
  if (!pattern.includes("{")) return undefined;
  const literal = pattern.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const places = literal.replace(/\{(\w+)\}/g, "(?<$1>[^ ]+)");
  return new RegExp(`^${places}$`).exec(arm)?.groups;
}

/** The words of a language. */
export async function wordsOf(language: Language): Promise<AllWords> {
  return language === "ko"
    ? (await import("./words/ko/index.js")).ko
    : (await import("./words/en/index.js")).en;
}
