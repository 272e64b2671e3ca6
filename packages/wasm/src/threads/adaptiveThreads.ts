/** Decides for each step of a program whether all threads do it or the caller alone. */
export interface AdaptiveThreads {
  /** Whether all threads are to take part in the next step. */
  useAll(): boolean;
  /** Records how long that step took, in milliseconds. */
  record(milliseconds: number): void;
}

/** Steps of a trial; the first does not count, since threads may have to be woken for it. */
const trialSteps = 5;
/** Steps from one trial to the next; each trial that changes nothing doubles them. */
const shortestInterval = 64;
const longestInterval = 4096;
/** The other mode is taken if its time is at most this share of the present one's. */
const requiredGain = 0.92;
/** A trial begins early if steps take this many times what they took. */
const slowdown = 1.25;

/** The second shortest of some times: what a step takes when no other program disturbs it. */
const typical = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.min(1, times.length - 1)]!;

/**
 * Whichever of the two modes is faster at the time. Threads gain nothing while other programs use
 * their processors: a step that waits for a thread that does not run is slower than one thread
 * alone. So a few steps are tried in the other mode at intervals, and when steps become slower.
 */
export function adaptiveThreads(): AdaptiveThreads {
  let all = true;
  let stepsOfTrial = 0;
  let stepsSinceTrial = 0;
  let interval = shortestInterval;
  let expected = Infinity;
  let recentTimes: number[] = [];
  let trialTimes: number[] = [];
  const decide = (): void => {
    const present = typical(recentTimes);
    const other = typical(trialTimes.slice(1));
    if (other < requiredGain * present) {
      all = !all;
      interval = shortestInterval;
      expected = other;
      recentTimes = [];
    } else {
      interval = Math.min(2 * interval, longestInterval);
      expected = present;
    }
    stepsSinceTrial = 0;
    trialTimes = [];
  };
  return {
    useAll: () => all !== stepsOfTrial > 0,
    record(milliseconds) {
      if (stepsOfTrial > 0) {
        trialTimes.push(milliseconds);
        if (--stepsOfTrial === 0) decide();
        return;
      }
      recentTimes = [...recentTimes.slice(1 - trialSteps), milliseconds];
      stepsSinceTrial++;
      const slower =
        stepsSinceTrial >= shortestInterval && typical(recentTimes) > slowdown * expected;
      if (stepsSinceTrial >= interval || slower) stepsOfTrial = trialSteps;
    },
  };
}
