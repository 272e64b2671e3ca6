import type { Series } from "@tenon/experiments";
import { nameOfArm, type AllWords } from "@tenon/experiments/words";

/** The words of a figure, by the keys that its chart has; what is missing stands for itself. */
export interface FigureWords {
  readonly title: string;
  /** What one sees, for those who do not see it. */
  readonly description: string;
  readonly arms: Readonly<Record<string, string>>;
  readonly axes: Readonly<Record<string, string>>;
  readonly series: Readonly<Record<string, string>>;
  readonly marks: Readonly<Record<string, string>>;
  /** Said of an arm that is not finite, whose name is in place of `{arm}`. */
  readonly broken: string;
}

/** The words of a picture of an experiment. */
export function figureWords(
  { common, tips }: AllWords,
  experiment: string,
  picture: string,
): FigureWords {
  const { arms, pictures, seen } = tips[experiment]!;
  const { axes, series, marks, broken } = common;
  return { title: pictures[picture]!, description: seen, arms, axes, series, marks, broken };
}

/** The name of an arm. */
export const armName = (words: FigureWords, arm: string): string => nameOfArm(words, arm);

/** The name of a series: that of its arm, and which part of it it is. */
export function nameOfSeries({ arm, part }: Series, words: FigureWords): string {
  const name = armName(words, arm);
  return part === undefined ? name : `${name}, ${words.series[part] ?? part}`;
}
