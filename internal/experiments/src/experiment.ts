import type { ByPath, Engine, Json, NDArray } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { Better, EndEvent, FinishedRun, Measure } from "@tenon/trainer";
import type { Recorder, StudySetup } from "@tenon/trainer";
import type { Chart } from "./chart.js";
import type { Claim } from "./claim.js";
import type { Digits } from "./digits.js";
import { nameOfArm } from "./words.js";

/** A value that a reader may change, by a slider or a list. */
export type Control =
  | {
      readonly id: string;
      readonly kind: "number";
      readonly from: number;
      readonly to: number;
      /** Of a logarithmic control, equal distances are equal factors. */
      readonly scale: "linear" | "log";
      /** How many different values there are, `from` and `to` included, at equal distances. */
      readonly values: number;
      readonly start: number;
      /** Whether only whole numbers make sense, such as of units. @defaultValue false */
      readonly isWhole?: boolean;
      /** Those of one group stand side by side, as the points of a line that a reader draws. */
      readonly group?: string;
    }
  | {
      readonly id: string;
      readonly kind: "choice";
      readonly choices: readonly string[];
      readonly start: string;
    };

/** The values of the controls, by id. */
export type Values = Readonly<Record<string, number | string>>;

/** How much is trained. */
export interface Size {
  /** How many of MNIST's training images, from the first one; at most 12,000 in a quick size. */
  readonly train: number;
  /** How many of its test images; at most 2,000 in a quick size. */
  readonly validation: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Each arm is run with the seeds 1, 2, … up to this. */
  readonly seeds: number;
}

/** What an experiment needs to set up a run. */
export interface Given {
  readonly digits: Digits;
  readonly size: Size;
  readonly seed: number;
  readonly engine: Engine<Tensor>;
}

/** What a run leaves behind. */
export interface Ending {
  /**
   * The weights and the running statistics of the arm's network: they have the digest, and are
   * saved.
   */
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
  /** Further records, by name. */
  readonly records: ByPath<Json>;
}

/** A run of an arm, finished or under way, as pictures see it. */
export interface ShownRun {
  readonly arm: string;
  readonly seed: number;
  /** What was recorded so far. */
  readonly records?: ByPath<Json>;
  /** Of a finished run. */
  readonly measures?: FinishedRun["measures"];
  /** Of a finished run: why it ended. */
  readonly reason?: FinishedRun["reason"];
  /** Of a finished run: the steps that were done. */
  readonly steps?: number;
}

/** What a picture is drawn of. */
export interface Drawn<O extends Json = Json> {
  readonly arms: ByPath<O>;
  readonly values: Values;
  readonly size: Size;
  readonly runs: readonly ShownRun[];
}

/** How the values of a measure are to be read. */
export interface Readable {
  readonly better: Better;
  /** Whether it is a fraction, to be written as a percentage. @defaultValue false */
  readonly percent?: boolean;
  /**
   * What it means that a run has no value: that what steps are counted to never happened, or that
   * the arm has no such thing. @defaultValue that the value is not finite
   */
  readonly missing?: "never" | "absent";
  /**
   * Whether it is known after the first step, so that a run that later ends with what is not finite
   * has it, too. @defaultValue false
   */
  readonly isOfFirstStep?: boolean;
}

/** A measure of an experiment, and how it is to be read. */
export type ReadableMeasure<S extends Json = Json> = Measure<S> & Readable;

/** A picture of an experiment: what is drawn, not how. */
export interface Picture<O extends Json = Json> {
  readonly id: string;
  /** Whether it is computed of arms and values alone: it needs no runs. @defaultValue false */
  readonly isComputed?: boolean;
  /**
   * Whether all that it shows is known after the first step, so that nothing need be trained to
   * redraw it. @defaultValue false
   */
  readonly isOfFirstStep?: boolean;
  chart(drawn: Drawn<O>): Chart;
}

/**
 * A tip of the tutorial as an experiment. Its words (title, question, claims, names of arms …) are
 * in `words/<language>/<id>.json`.
 */
export interface Experiment<O extends Json = Json> {
  readonly id: string;
  /**
   * The tip as an equation, in LaTeX; a narrow page breaks it at `\\qquad`. `\\word{or}` stands for
   * a word of the language (`formula` in the common words), `\\arm{ema}{…}` has the colour of that
   * line of the pictures.
   */
  readonly formula: string;
  /**
   * `quick` trains all arms in less than a minute on two processors, and is what the page trains;
   * `full` is what claims are judged by.
   */
  readonly sizes: { readonly quick: Size; readonly full: Size };
  /**
   * Whether networks have convolutions or pools: the page loads the kernels of these only then.
   * @defaultValue false
   */
  readonly hasConvolutions?: boolean;
  readonly controls: readonly Control[];
  /** The arms, by name, each with the options that it differs in. */
  arms(values: Values): ByPath<O>;
  /** The model of an arm, and the options of `fit`. */
  setup(options: O, given: Given): StudySetup;
  readonly measures: ByPath<ReadableMeasure>;
  /** Curves that pictures are drawn of, by name. */
  readonly records: ByPath<Recorder>;
  /** What is computed when a run has ended. @defaultValue nothing */
  readonly ending?: {
    /** What it computes: a study that continues refuses runs with another one. */
    readonly description: Json;
    /**
     * The network that an arm is about, where it is not the one that was trained but an average,
     * and what is recorded of it, such as its answers to some of the digits.
     */
    of(options: O, given: Given, end: EndEvent): Partial<Ending> | Promise<Partial<Ending>>;
  };
  /**
   * Further runs to judge, computed of the runs of one seed, such as the width of the range of
   * learning rates at which a network trains: an arm for each group of arms. Its measures may have
   * other names. A measure that a run has no value of is null in `runs`.
   */
  readonly groups?: {
    readonly measures: ByPath<Readable>;
    of(runs: readonly FinishedRun[], arms: ByPath<O>): readonly FinishedRun[];
  };
  readonly claims: readonly Claim[];
  /**
   * The line of a picture that arms are parts of, such as the points of a sweep, by patterns as of
   * the words' names: `"norm={norm} rate={rate}": "{norm}"`. Such arms have the line's colour.
   */
  readonly lines?: Readonly<Record<string, string>>;
  /** The main picture, then others. */
  readonly pictures: readonly Picture<O>[];
  /**
   * The imports and, after an empty line, the lines that train an arm, as a reader would write them
   * with the packages: `fit(model, options)` of `train`, `validation` and `engine`. `codeOf` adds
   * what makes these three.
   */
  code(options: O, size: Size, seed: number): string;
  /** The scaling of the digits' bytes in code. @defaultValue to [0, 1] */
  scalingCode?(options: O): string;
}

/** An experiment among others: its options are known to itself only. */
export const experiment = <O extends Json>(of: Experiment<O>): Experiment =>
  of as unknown as Experiment;

/** The seeds of a size: 1, 2, … */
export const seedsOf = ({ seeds }: Size): readonly number[] =>
  Array.from({ length: seeds }, (_, i) => i + 1);

/** What is given colours in the pictures of an experiment. */
export interface ColoredLines {
  readonly arms: readonly string[];
  readonly lines: NonNullable<Experiment["lines"]>;
}

/**
 * The lines that are given colours, in this order: those in the pictures, such as the lines of a
 * sweep over many arms, and then the other arms that are not part of one of them.
 */
export function coloredLines(of: Experiment, values: Values): ColoredLines {
  const drawn: Drawn = { arms: of.arms(values), values, size: of.sizes.quick, runs: [] };
  const names = of.pictures.flatMap((picture) => picture.chart(drawn).series.map(({ arm }) => arm));
  const { lines = {} } = of;
  const all = [...names, ...Object.keys(drawn.arms)].map((arm) => nameOfArm({ arms: lines }, arm));
  return { arms: [...new Set(all)], lines };
}
