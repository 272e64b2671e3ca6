import type { Claim, ColoredLines, Control, Experiment, Readable } from "@tenon/experiments";
import type { Language } from "@tenon/experiments/words";
import type { ExperimentResults } from "@tenon/experiments/results";

/** What the page knows of a tip before anything is loaded that trains. */
export interface Tip {
  readonly id: string;
  /** The formula as MathML, in the words of each language. */
  readonly formulas: Readonly<Record<Language, string>>;
  readonly controls: readonly Control[];
  readonly claims: readonly Claim[];
  /** The ids of the controls that change what is claimed. */
  readonly claimed: readonly string[];
  /** How the values of measures are to be read, those of groups of arms too. */
  readonly readings: Readonly<Record<string, Readable>>;
  readonly pictures: readonly string[];
  readonly sizes: Experiment["sizes"];
  /** What the experiment has shown, if it has been run. */
  readonly results?: Pick<ExperimentResults, "judgements" | "size" | "sizeName" | "verdict">;
  /** The lines of pictures and the arms with which the controls begin: they keep their colours. */
  readonly colored: ColoredLines;
}
