import type { Config } from "./config.js";
import { fail } from "./fail.js";

/** What a command was given beside the configuration. */
export interface Extras {
  readonly explain?: boolean;
  readonly threads?: number;
  readonly turbo?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly out?: string;
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

/** What each flag is for, where that is not all there is; nothing where it does something. */
const uses: Readonly<
  Partial<Record<Flag, (config: Config, extras: Extras) => string | undefined>>
> = {
  filters: only("model", "cnn"),
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
  epochs: training,
  checkpointEvery: training,
  validationSplit: training,
  out: training,
  json: training,
  quiet: training,
};

/** Refuses a flag that was given and would do nothing. */
export function refuseIdle(given: object, config: Config, extras: Extras): void {
  for (const key of Object.keys(given)) {
    const use = uses[key as Flag]?.(config, extras);
    if (use !== undefined)
      fail(`${flagOf(key)} does nothing here: it is for ${use}; leave it out`, 2);
  }
}

/** What does nothing, or less than one might think, but is no reason not to go on. */
export function notesOn(
  given: Partial<Config>,
  { schedule, epochs, checkpointEvery, earlyStopping }: Config,
  steps: number,
): string[] {
  const notes: string[] = [];
  if (given.schedule === "exponential" && schedule === "exponential" && epochs === 1) {
    notes.push(
      "--schedule exponential lowers the rate after each epoch: with one epoch it changes nothing",
    );
  }
  if (given.checkpointEvery !== undefined && checkpointEvery >= steps && steps > 0) {
    notes.push(`--checkpoint-every ${checkpointEvery} changes nothing: the run has ${steps} steps`);
  }
  if (
    given.earlyStopping !== undefined &&
    earlyStopping > 0 &&
    earlyStopping >= epochs &&
    epochs > 1
  ) {
    notes.push(
      `--early-stopping ${earlyStopping} cannot end ${epochs} epochs early; they end ` +
        "with the weights of the best one",
    );
  }
  return notes;
}
