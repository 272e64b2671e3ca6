import type { Language } from "@tenon/doctor";
import { counted, fail, shown } from "@tenon/terminal";
import { complete, recipes, tutorial, type Config } from "./config.js";

/** The flags of a command that are not part of the configuration. */
export interface Extras {
  readonly explain?: boolean;
  readonly threads?: number;
  readonly turbo?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly out?: string;
  /** Whether the run is watched, and what is found said. */
  readonly doctor?: boolean;
  readonly language?: Language;
  /** The file that statistics are written to. */
  readonly observe?: string;
  readonly observeEvery?: number;
  /** How many bins the histograms of statistics have. */
  readonly histograms?: number;
}

type Flag = keyof Config | keyof Extras;

export const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const only =
  <K extends "model" | "schedule" | "optimizer" | "engine">(
    key: K,
    ...words: readonly Config[K][]
  ) =>
  (config: Config): string | undefined =>
    words.includes(config[key])
      ? undefined
      : `${flagOf(key)} ${words.join(" or ")}, and this is ${config[key]}`;
const training = (_: Config, { explain }: Extras): string | undefined =>
  explain ? "training, and --explain does not train" : undefined;

/** What each flag needs to have an effect; undefined where it has one. */
const uses: Readonly<
  Partial<Record<Flag, (config: Config, extras: Extras) => string | undefined>>
> = {
  filters: only("model", "cnn", "deep-cnn"),
  normalization: only("model", "cnn", "small-cnn", "deep-cnn", "mlp", "resnet", "inception", "vit"),
  decay: only("schedule", "exponential", "step"),
  warmup: only("schedule", "warmup-cosine"),
  momentum: only("optimizer", "momentum", "nesterov"),
  beta2: only("optimizer", "adam", "adamw"),
  threads: only("engine", "wasm"),
  turbo: only("engine", "wasm"),
  // The first epoch is the best so far.
  earlyStopping: (config, extras) =>
    training(config, extras) ??
    (config.earlyStopping > 0 && config.epochs === 1 ? "more than one epoch" : undefined),
  augmentation: training,
  hardest: training,
  epochs: training,
  checkpointEvery: training,
  validationSplit: training,
  out: training,
  json: training,
  quiet: training,
  doctor: training,
  observe: training,
  language: (config, extras) =>
    training(config, extras) ?? (extras.doctor ? undefined : "--doctor, which is not given"),
  observeEvery: (config, extras) =>
    training(config, extras) ??
    (extras.doctor || extras.observe !== undefined
      ? undefined
      : "--doctor or --observe, and neither is given"),
  histograms: (config, extras) =>
    training(config, extras) ??
    (extras.observe === undefined ? "--observe, which is not given" : undefined),
};

/** Refuses a flag that was given and would do nothing. */
export function refuseIdle(given: object, config: Config, extras: Extras): void {
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const use = uses[key as Flag]?.(config, extras);
    if (use !== undefined)
      fail(`${flagOf(key)} does nothing here: it is for ${use}; leave it out`, 2);
  }
}

/**
 * The fewest words that make a configuration: those of a recipe and the flags that differ from its
 * defaults, without those that would do nothing. The classes are those of the data.
 */
export function wordsOf(config: Config): string[] {
  const keys = (Object.keys(tutorial) as (keyof Config)[]).filter((key) => key !== "classes");
  const calls = (Object.keys(recipes) as (keyof typeof recipes)[]).map((recipe) => {
    let given: Partial<Config> = {};
    // The defaults of the others depend on these three, and those of two of them on the first.
    const inOrder: (keyof Config)[][] = [["model"], ["optimizer", "schedule"], keys];
    for (const some of inOrder) {
      const defaults = complete(given, recipe);
      const changed = some.filter((key) => config[key] !== defaults[key]);
      given = { ...given, ...Object.fromEntries(changed.map((key) => [key, config[key]])) };
    }
    const flags = keys.filter(
      (key) => (given[key] ?? null) !== null && uses[key]?.(config, {}) === undefined,
    );
    return [
      ...(recipe === "tutorial" ? [] : ["--recipe", recipe]),
      ...flags.flatMap((key) => [
        flagOf(key),
        key === "data" ? shown(config.data!) : String(config[key]),
      ]),
    ];
  });
  return calls.reduce((least, words) => (words.length < least.length ? words : least));
}

/** Flags that only training needs: neither the network nor the test depends on them. */
const ofTraining: readonly (keyof Config)[] = [
  ...(["optimizer", "learningRate", "schedule", "decay", "warmup", "momentum", "beta2"] as const),
  ...(["batchSize", "dropout", "l1", "l2", "weightDecay", "maxNorm", "clipNorm"] as const),
  ...([
    "clipValue",
    "earlyStopping",
    "average",
    "limit",
    "hardest",
    "validationSplit",
    "augmentation",
  ] as const),
  "checkpointEvery",
];

/** Flags without an effect, or with less than expected, that are no reason to end the command. */
export function notesOn(given: Partial<Config>, config: Config, stepsPerEpoch: number): string[] {
  const { schedule, epochs, checkpointEvery: every, earlyStopping, average } = config;
  const steps = epochs * stepsPerEpoch;
  if (epochs === 0) {
    const idle = ofTraining.filter((key) => given[key] !== undefined).map(flagOf);
    return idle.length === 0
      ? []
      : [
          `--epochs 0 trains nothing: ${idle.join(", ")} ${idle.length === 1 ? "is" : "are"} ` +
            "for when the run is resumed with more --epochs",
        ];
  }
  const notes: string[] = [];
  if (given.schedule === "exponential" && schedule === "exponential" && epochs === 1) {
    notes.push(
      "--schedule exponential lowers the rate after each epoch: with one epoch it changes nothing",
    );
  }
  if (given.checkpointEvery !== undefined && every > 0) {
    const why =
      every >= steps
        ? `the run has ${counted(steps, "step")}`
        : every % stepsPerEpoch === 0
          ? `there is one after each epoch, which has ${counted(stepsPerEpoch, "step")}`
          : undefined;
    if (why !== undefined) notes.push(`--checkpoint-every ${every} changes nothing: ${why}`);
  }
  if (given.earlyStopping !== undefined && earlyStopping >= epochs && epochs > 1) {
    const end = average === "none" ? "weights of the best one" : "average of the weights";
    notes.push(
      `--early-stopping ${earlyStopping} cannot end ${epochs} epochs early; they end ` +
        `with the ${end}`,
    );
  }
  return notes;
}
