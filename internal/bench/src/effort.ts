/** How long contenders are timed. */
export interface Effort {
  /** How many steps are timed, */
  readonly steps: number;
  /** and more of the fast, up to this many seconds; */
  readonly seconds: number;
  /** fewer of the slow, if they would take longer than this many seconds; */
  readonly longest: number;
  /** but never fewer than show whether it learns. */
  readonly fewest: number;
  /** The number of rounds over which the steps are divided: each contender runs in each. */
  readonly rounds: number;
  /** A contender without output for this many seconds is left out. */
  readonly patience: number;
  /** Whether they start at the same time: sooner, but the first step is not worth timing. */
  readonly together: boolean;
}

export const full: Effort = {
  steps: 200,
  seconds: 3,
  longest: 160,
  fewest: 12,
  rounds: 20,
  patience: 300,
  together: false,
};
export const quick: Effort = {
  steps: 20,
  seconds: 0.5,
  longest: 2.5,
  fewest: 10,
  rounds: 5,
  patience: 30,
  together: true,
};

/** The number of steps to time for a contender, from the milliseconds of one step. */
export function stepsFor({ steps, seconds, longest, fewest }: Effort, ms: number): number {
  return Math.max(
    fewest,
    Math.min(Math.max(steps, Math.ceil((1000 * seconds) / ms)), Math.floor((1000 * longest) / ms)),
  );
}

/**
 * The steps of one round: those of all rounds together are all steps, and no two differ by more
 * than one.
 */
export function share(steps: number, round: number, rounds: number): number {
  return Math.floor((steps * (round + 1)) / rounds) - Math.floor((steps * round) / rounds);
}
