import type { Claim, Control, Experiment, Size } from "@tenon/experiments";

/** What the page knows of a tip before anything is loaded that trains. */
export interface Tip {
  readonly id: string;
  /** The formula as MathML. */
  readonly formula: string;
  readonly controls: readonly Control[];
  readonly claims: readonly Claim[];
  readonly pictures: readonly string[];
  readonly sizes: Experiment["sizes"];
  /** The arms with which the controls begin: they keep their colours. */
  readonly arms: readonly string[];
}

/** How many steps one run of a size has, where an arm has no batch size of its own. */
export const stepsOf = ({ train, batchSize, epochs }: Size): number =>
  Math.ceil(train / batchSize) * epochs;
