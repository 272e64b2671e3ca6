declare module "virtual:experiments" {
  import type { Experiment } from "@tenon/experiments";
  /** Loads a tip's experiment, by its id. */
  export const experimentOf: Readonly<Record<string, () => Promise<Experiment>>>;
}
