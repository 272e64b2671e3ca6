import type { Values } from "@tenon/experiments";
import type { Language } from "@tenon/experiments/words";
import type { SandboxArm } from "./protocol.js";

export type Theme = "light" | "dark";

/** All that decides what a reader sees: the fragment of the page's address. */
export interface Place {
  /** A tip, `sandbox`, or `draw`. */
  readonly screen: string;
  /** Values of controls that are not those with which they begin. */
  readonly values: Values;
  readonly seed: number;
  readonly size: "quick" | "full";
  readonly arms?: readonly SandboxArm[];
  /** @defaultValue the browser's */
  readonly language?: Language;
  /** @defaultValue the system's */
  readonly theme?: Theme;
}

const own = ["seed", "size", "lang", "theme", "arms"];

/** The order in which the fields of the sandbox's arms are written down. */
const fields = [
  ...([
    "model",
    "optimizer",
    "rate",
    "batchSize",
    "dropout",
    "normalization",
    "activation",
  ] as const),
];

/** Writes a place down: `#dropout?rate=0.3&seed=2`. */
export function fragmentOf({ screen, values, seed, size, arms, language, theme }: Place): string {
  const query = new URLSearchParams();
  for (const [id, value] of Object.entries(values)) query.set(id, String(value));
  if (arms)
    query.set("arms", arms.map((arm) => fields.map((name) => arm[name]).join("_")).join("~"));
  if (seed !== 1) query.set("seed", String(seed));
  if (size !== "quick") query.set("size", size);
  if (language) query.set("lang", language);
  if (theme) query.set("theme", theme);
  const text = query.toString();
  return `#${screen}${text && `?${text}`}`;
}

/** Reads a place; what makes no sense is left out. */
export function placeOf(fragment: string, screens: readonly string[]): Place {
  const [name = "", query = ""] = fragment.replace(/^#\/?/, "").split("?", 2);
  const given = new URLSearchParams(query);
  const seed = Number(given.get("seed") ?? 1);
  const language = given.get("lang");
  const theme = given.get("theme");
  const values: Record<string, number | string> = {};
  for (const [id, text] of given)
    if (!own.includes(id)) values[id] = text !== "" && Number.isFinite(+text) ? +text : text;
  const arms = armsIn(given.get("arms"));
  return {
    screen: screens.includes(name) ? name : screens[0]!,
    values,
    seed: Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31 ? seed : 1,
    size: given.get("size") === "full" ? "full" : "quick",
    ...(arms && { arms }),
    ...((language === "en" || language === "ko") && { language }),
    ...((theme === "light" || theme === "dark") && { theme }),
  };
}

/** What a sandbox arm may have in each of its fields that are no free numbers. */
export const choices = {
  model: ["linear", "mlp", "deep", "cnn"],
  optimizer: ["sgd", "momentum", "normalizedGradient", "adagrad", "rmsprop", "adam", "adamw"],
  batchSize: [8, 16, 32, 64, 128, 256, 1024],
  dropout: [0, 0.2, 0.5, 0.8],
  normalization: ["none", "batch", "layer", "weight"],
  activation: ["relu", "tanh", "sigmoid"],
} as const;

function armsIn(text: string | null): readonly SandboxArm[] | undefined {
  if (!text) return undefined;
  const arms = text.split("~").map((part) => {
    const values = part.split("_");
    return Object.fromEntries(
      fields.map((name, i) => {
        const value = values[i] ?? "";
        return [name, ["rate", "batchSize", "dropout"].includes(name) ? Number(value) : value];
      }),
    ) as unknown as SandboxArm;
  });
  const isKnown = (arm: SandboxArm): boolean =>
    arm.rate > 0 &&
    arm.rate <= 100 &&
    Object.entries(choices).every(([name, all]) =>
      (all as readonly unknown[]).includes(arm[name as keyof typeof choices]),
    );
  return arms.length <= 6 && arms.every(isKnown) ? arms : undefined;
}
