import { said, within, type Range } from "@tenon/terminal/arguments";
import { fail } from "@tenon/terminal/fail";

export const models = [
  "cnn",
  "small-cnn",
  "deep-cnn",
  "mlp",
  "resnet",
  "inception",
  "vit",
  "lstm",
] as const;
export const optimizers = [
  "sgd",
  "momentum",
  "nesterov",
  "normalized-gradient",
  "adagrad",
  "rmsprop",
  "adam",
  "adamw",
] as const;
export const schedules = ["constant", "exponential", "step", "cosine", "warmup-cosine"] as const;
export const inits = [
  "glorot-uniform",
  "glorot-normal",
  "he-uniform",
  "he-normal",
  "lecun-uniform",
  "lecun-normal",
  "fan-in-normal",
  "width-normal",
  "uniform",
  "normal",
  "orthogonal",
] as const;
export const normalizations = ["none", "batch", "layer", "weight"] as const;
/** How training images are changed at random in each epoch. */
export const augmentations = ["none", "slight", "affine", "elastic"] as const;
export const averages = ["none", "ema", "swa"] as const;
export const engines = ["wasm", "webgpu", "reference"] as const;

/** All settings of a run. They are saved with it, so that resuming needs no flags. */
export interface Config {
  readonly model: (typeof models)[number];
  /** Of the first convolution of cnn and deep-cnn. */
  readonly filters: number;
  /** How many such networks, of different initial values, answer together; 1: one alone. */
  readonly members: number;
  readonly optimizer: (typeof optimizers)[number];
  readonly learningRate: number;
  readonly schedule: (typeof schedules)[number];
  /**
   * By what exponential and step schedules multiply the rate: each epoch, or each third of the run.
   */
  readonly decay: number;
  /** The fraction of the steps in which warmup-cosine rises. */
  readonly warmup: number;
  readonly momentum: number;
  /** Adam's decay of squared gradients. */
  readonly beta2: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly dropout: number;
  readonly init: (typeof inits)[number];
  readonly normalization: (typeof normalizations)[number];
  readonly l1: number;
  readonly l2: number;
  readonly weightDecay: number;
  /** 0: none. */
  readonly maxNorm: number;
  readonly labelSmoothing: number;
  /** 0: none. */
  readonly clipNorm: number;
  readonly clipValue: number;
  /** Epochs without a better validation loss before the run ends; 0: never. */
  readonly earlyStopping: number;
  readonly average: (typeof averages)[number];
  readonly augmentation: (typeof augmentations)[number];
  readonly seed: number;
  /** A folder of IDX files; none: MNIST from the package. */
  readonly data: string | null;
  /** How many training images to use; 0: all. */
  readonly limit: number;
  /**
   * The fraction of the training images to use, those that a linear model finds hardest; 1: all.
   */
  readonly hardest: number;
  /**
   * The fraction of the training images to validate on; 0: validate on the test set, as the
   * tutorial does.
   */
  readonly validationSplit: number;
  readonly engine: (typeof engines)[number];
  readonly checkpointEvery: number;
  /** How many classes the network has; read from the data, not a flag. */
  readonly classes: number;
}

/** The default learning rate of each optimizer. */
export const rates: Readonly<Record<Config["optimizer"], number>> = {
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  "normalized-gradient": 0.1,
  adagrad: 0.01,
  rmsprop: 1e-3,
  adam: 1e-3,
  adamw: 1e-3,
};

/** The tutorial's experiment. */
export const tutorial: Config = {
  model: "cnn",
  filters: 32,
  members: 1,
  optimizer: "adam",
  learningRate: rates.adam,
  schedule: "constant",
  decay: 0.98,
  warmup: 0.1,
  momentum: 0.9,
  beta2: 0.999,
  batchSize: 64,
  epochs: 5,
  dropout: 0.5,
  init: "glorot-uniform",
  normalization: "none",
  l1: 0,
  l2: 0,
  weightDecay: 0,
  maxNorm: 0,
  labelSmoothing: 0,
  clipNorm: 0,
  clipValue: 0,
  earlyStopping: 0,
  average: "none",
  augmentation: "none",
  seed: 1,
  data: null,
  limit: 0,
  hardest: 1,
  validationSplit: 0,
  engine: "wasm",
  checkpointEvery: 0,
  classes: 10,
};

/** Flags under one name. */
export const recipes: Readonly<
  Record<"tutorial" | "fast" | "record" | "accurate" | "best", Partial<Config>>
> = {
  tutorial: {},
  // One epoch: batch norm lets the rate be twenty times higher, and the cosine brings it down
  // before the end. Half as many filters in the first convolution take half the time and lose no
  // accuracy.
  fast: {
    filters: 16,
    optimizer: "adamw",
    learningRate: 0.02,
    schedule: "warmup-cosine",
    warmup: 0.25,
    beta2: 0.99,
    epochs: 1,
    normalization: "batch",
    dropout: 0,
    weightDecay: 0.05,
    labelSmoothing: 0.05,
  },
  // The least time to 99 %, as docs/records.md tells: a network of a quarter of the work, small
  // batches, and only the images from which it learns most.
  record: {
    model: "small-cnn",
    learningRate: 0.015,
    warmup: 0.1,
    batchSize: 32,
    epochs: 1,
    hardest: 0.45,
    augmentation: "none",
  },
  // The least time to 99.5 %: images that are never twice the same, but so little changed that a
  // few epochs learn them.
  accurate: {
    model: "deep-cnn",
    learningRate: 0.02,
    epochs: 4,
    hardest: 0.9,
    augmentation: "slight",
  },
  // The most in a minute: what such networks answer wrongly differs, so that four of them are
  // right more often than one that is trained for twice as long. Together they bear more decay.
  best: {
    model: "deep-cnn",
    members: 4,
    learningRate: 0.015,
    weightDecay: 0.1,
    epochs: 5,
    hardest: 0.9,
    augmentation: "slight",
  },
};

/**
 * What trains the other networks well in four epochs: a high rate, which a cosine brings down, and
 * images that are never twice the same.
 */
const others: Partial<Config> = {
  epochs: 4,
  optimizer: "adamw",
  learningRate: 0.01,
  schedule: "warmup-cosine",
  warmup: 0.2,
  beta2: 0.99,
  weightDecay: 0.05,
  labelSmoothing: 0.05,
  normalization: "batch",
  dropout: 0,
  augmentation: "affine",
};
/** Flags of a network, which recipes and flags may change. */
const byModel: Readonly<Partial<Record<Config["model"], Partial<Config>>>> = {
  cnn: { dropout: 0.5 },
  mlp: { dropout: 0.2 },
  "small-cnn": others,
  "deep-cnn": { ...others, filters: 16 },
  resnet: others,
  inception: others,
  vit: { ...others, learningRate: 0.003 },
  lstm: { ...others, learningRate: 0.005, normalization: "none", clipNorm: 1 },
};

/** The defaults that depend on recipe, model and optimizer. */
export function complete(
  flags: Partial<Config>,
  recipe: keyof typeof recipes = "tutorial",
): Config {
  const given = { ...recipes[recipe], ...flags };
  const { model = tutorial.model } = given;
  const chosen: Config = { ...tutorial, ...byModel[model] };
  const { optimizer = chosen.optimizer, schedule = chosen.schedule } = given;
  return {
    ...chosen,
    // A rate that suits one rule does not suit another.
    ...(optimizer !== chosen.optimizer && {
      learningRate: rates[optimizer],
      beta2: tutorial.beta2,
      weightDecay: optimizer === "adamw" ? 0.01 : 0,
    }),
    decay: schedule === "step" ? 0.1 : 0.98,
    ...given,
  };
}

/** Just below the largest value of float32: what is larger would be infinite there. */
const most = 3.4e38;

/** The allowed values: one of some words, or a number in a range. */
export const allowed: Readonly<Record<Exclude<keyof Config, "data">, readonly string[] | Range>> = {
  model: models,
  optimizer: optimizers,
  schedule: schedules,
  init: inits,
  normalization: normalizations,
  average: averages,
  augmentation: augmentations,
  engine: engines,
  filters: { low: 1, high: 1024, whole: true },
  members: { low: 1, high: 64, whole: true },
  learningRate: { low: 0, high: most },
  decay: { low: 0, high: 1 },
  warmup: { low: 0, high: 1 },
  momentum: { low: 0, high: 0.9999 },
  beta2: { low: 0, high: 0.999999 },
  batchSize: { low: 1, high: 60000, whole: true },
  epochs: { low: 0, whole: true },
  dropout: { low: 0, high: 0.9999 },
  l1: { low: 0, high: most },
  l2: { low: 0, high: most },
  weightDecay: { low: 0, high: most },
  maxNorm: { low: 0, high: most },
  labelSmoothing: { low: 0, high: 0.9999 },
  clipNorm: { low: 0, high: most },
  clipValue: { low: 0, high: most },
  earlyStopping: { low: 0, whole: true },
  seed: { low: -2147483648, high: 2147483647, whole: true },
  limit: { low: 0, whole: true },
  hardest: { low: 1e-4, high: 1 },
  validationSplit: { low: 0, high: 0.9999 },
  checkpointEvery: { low: 0, whole: true },
  classes: { low: 2, high: 1000, whole: true },
};

/** A configuration that was saved. */
export function configFrom(text: string, where: string): Config {
  let saved: Record<string, unknown>;
  try {
    // Runs of older versions, without a choice of filters, members, classes, augmentation and the
    // hardest images, do not save these.
    saved = {
      filters: tutorial.filters,
      members: tutorial.members,
      classes: tutorial.classes,
      augmentation: tutorial.augmentation,
      hardest: tutorial.hardest,
      ...(JSON.parse(text) as object | null),
    };
  } catch {
    fail(`${where} is damaged: expected a run's configuration in JSON`);
  }
  const damaged = (key: string, wanted: string): never =>
    fail(
      `${where} is damaged: expected "${key}" to be ${wanted}, got ` +
        `${JSON.stringify(saved[key]) ?? "nothing"}`,
    );
  for (const [key, may] of Object.entries(allowed)) {
    const value = saved[key];
    if (
      "low" in may
        ? typeof value !== "number" || !within(value, may)
        : !may.includes(value as string)
    )
      damaged(key, "low" in may ? said(may) : `one of ${may.join(", ")}`);
  }
  if (saved["data"] !== null && typeof saved["data"] !== "string")
    damaged("data", "a folder or null");
  return saved as unknown as Config;
}
