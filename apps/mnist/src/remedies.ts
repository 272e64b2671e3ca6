import type { Finding } from "@tenon/doctor";
import { call } from "@tenon/terminal";
import type { Config } from "./config.js";
import { flagOf, wordsOf } from "./flags.js";

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
 * none, or where they are so already.
 */
export function remedyOf(
  finding: Pick<Finding, "id" | "kind">,
  made: Made,
): Partial<Config> | undefined {
  const settings = Object.entries(settingsFor(finding, made)) as [keyof Config, never][];
  const changed = settings.filter(([key, value]) => made.config[key] !== value);
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function settingsFor(
  { id, kind }: Pick<Finding, "id" | "kind">,
  { config, images }: Made,
): Partial<Config> {
  const { model, learningRate, clipNorm, dropout, epochs, init, normalization } = config;
  const lower = { learningRate: rounded(learningRate / 10) };
  // An LSTM has no place for a normalization.
  const isBare = normalization === "none" && model !== "lstm";
  const normalized = isBare ? { normalization: "batch" as const } : {};
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
      return kind === "other" || kind === "layer" ? { ...lower, clipNorm: 1 } : {};
    case "initialValuesTooLarge":
    case "initialValuesTooSmall":
    case "vanishingGradients":
      return initialized;
    case "deadUnits":
      return isBare ? normalized : lower;
    case "rateDecayedTooEarly":
      return { schedule: "cosine" };
    case "dropoutTooStrong":
      return { dropout: dropout > 0.2 ? 0.2 : 0 };
    case "penaltyTooStrong":
      return config.l1 + config.l2 > 0 ? { l1: 0, l2: 0 } : { weightDecay: 0 };
    case "decayOfBiases":
      // The gradient of λ w² is 2 λ w; the flag leaves biases out.
      return config.l2 > 0 ? { l2: 0, weightDecay: rounded(2 * config.l2) } : {};
    case "overfitting":
      return config.earlyStopping === 0 && epochs > 1 ? { earlyStopping: 2 } : {};
    case "underfitting":
      if (model === "mlp") return { model: "cnn" };
      return model === "cnn" ? { filters: Math.min(1024, 2 * config.filters) } : {};
    case "batchNormOfOne":
      return { batchSize: kind === "last" ? withoutRest(config.batchSize, images) : 64 };
    case "batchNormStatistics":
      return kind === "momentum"
        ? { epochs: 2 * epochs }
        : { batchSize: Math.min(images, 2 * config.batchSize) };
    case "missingClass":
      return config.limit > 0 ? { limit: 0 } : {};
    default:
      return {};
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
  if (dropped.length === 0) return flags;
  const without = dropped.map(flagOf).join(", ");
  return flags === "" ? `without ${without}` : `${flags} instead of ${without}`;
}
