/**
 * Whether a program's steps are done by all threads or by the caller alone, whichever is quicker at
 * the time.
 */
export interface Pace {
  /** Whether all threads are to take part in the next step. */
  together(): boolean;
  /** Tells how long it took, in milliseconds. */
  took(milliseconds: number): void;
}

/** Steps of a trial; the first, for which threads may have to be woken, does not count. */
const trial = 5;
/** Steps from one trial to the next: each that changes nothing doubles them. */
const soonest = 64;
const latest = 4096;
/**
 * The other way must be so much quicker to be taken; steps must become so much slower to be doubted
 * before their time.
 */
const quicker = 0.92;
const slower = 1.25;

/** The second shortest of some times: what a step takes when nothing comes between. */
const usual = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.min(1, times.length - 1)]!;

/**
 * Threads gain nothing while somebody else uses their processors: a step that waits for a thread
 * that does not run is slower than one thread alone. So now and then, and when steps become slower,
 * a few are done the other way.
 */
export function pace(): Pace {
  let all = true;
  let trying = 0;
  let since = 0;
  let wait = soonest;
  let expected = Infinity;
  let recent: number[] = [];
  let tried: number[] = [];
  const decide = (): void => {
    const now = usual(recent);
    const other = usual(tried.slice(1));
    if (other < quicker * now) {
      all = !all;
      wait = soonest;
      expected = other;
      recent = [];
    } else {
      wait = Math.min(2 * wait, latest);
      expected = now;
    }
    since = 0;
    tried = [];
  };
  return {
    together: () => all !== trying > 0,
    took(milliseconds) {
      if (trying > 0) {
        tried.push(milliseconds);
        if (--trying === 0) decide();
        return;
      }
      recent = [...recent.slice(1 - trial), milliseconds];
      since++;
      if (since >= wait || (since >= soonest && usual(recent) > slower * expected)) trying = trial;
    },
  };
}
