import type { Finding } from "@tenon/doctor";
import type { Config } from "./config.js";
import { flagOf, wordsOf } from "./flags.js";
import { call } from "./shell.js";

/** What a run was made with. */
export interface Made {
  readonly config: Config;
  /** How many images it trains on. */
  readonly images: number;
}

/** A number without the noise of a division. */
const rounded = (value: number): number => Number(value.toPrecision(6));

/**
 * The settings of this app that do what a tip says, or come nearest to it; undefined where it has
 * none.
 */
export function remedyOf(
  { id, kind }: Pick<Finding, "id" | "kind">,
  { config, images }: Made,
): Partial<Config> | undefined {
  const { model, learningRate, clipNorm, dropout, epochs, init, normalization } = config;
  const lower = { learningRate: rounded(learningRate / 10) };
  const normalized = normalization === "none" ? { normalization: "batch" as const } : undefined;
  // The networks of this app have relu.
  const initialized = init === "he-normal" ? normalized : { init: "he-normal" as const };
  switch (id) {
    case "learningRateTooHigh":
      return lower;
    case "learningRateTooLow":
      return { learningRate: rounded(10 * learningRate) };
    case "explodingGradients":
      return { clipNorm: clipNorm > 0 ? rounded(clipNorm / 10) : 1 };
    case "nonFinite":
      return kind === "other" || kind === "layer" ? { ...lower, clipNorm: 1 } : undefined;
    case "initialValuesTooLarge":
    case "initialValuesTooSmall":
    case "vanishingGradients":
      return initialized;
    case "deadUnits":
      return normalized ?? lower;
    case "rateDecayedTooEarly":
      return { schedule: "cosine" };
    case "dropoutTooStrong":
      return { dropout: dropout > 0.2 ? 0.2 : 0 };
    case "decayOfBiases":
      // The gradient of λ w² is 2 λ w; the flag leaves biases out.
      return config.l2 > 0 ? { l2: 0, weightDecay: rounded(2 * config.l2) } : undefined;
    case "overfitting":
      return config.earlyStopping === 0 && epochs > 1 ? { earlyStopping: 2 } : undefined;
    case "underfitting":
      if (model === "mlp") return { model: "cnn" };
      return model === "cnn" ? { filters: 2 * config.filters } : undefined;
    case "batchNormOfOne":
      return { batchSize: kind === "last" ? withoutRest(config.batchSize, images) : 64 };
    case "batchNormStatistics":
      return kind === "momentum" ? { epochs: 2 * epochs } : { batchSize: 2 * config.batchSize };
    case "missingClass":
      return config.limit > 0 ? { limit: 0 } : undefined;
    default:
      return undefined;
  }
}

/** The next batch size that does not leave one image for the last batch. */
function withoutRest(batchSize: number, images: number): number {
  let size = batchSize + 1;
  while (images % size === 1) size++;
  return size;
}

/** The call that starts the run anew with other settings. */
export const remedyCall = (config: Config, remedy: Partial<Config>): string =>
  call(...wordsOf({ ...config, ...remedy }));

/** The flags of a remedy: `--clip-norm 1`. */
export function remedyFlags(remedy: Partial<Config>): string {
  const keys = Object.keys(remedy) as (keyof Config)[];
  const dropped = keys.filter((key) => (key === "l1" || key === "l2") && remedy[key] === 0);
  const flags = keys
    .filter((key) => !dropped.includes(key))
    .map((key) => `${flagOf(key)} ${remedy[key]}`)
    .join(" ");
  return dropped.length > 0 ? `${flags} instead of ${dropped.map(flagOf).join(", ")}` : flags;
}
