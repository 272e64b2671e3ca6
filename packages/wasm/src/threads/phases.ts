import {
  atomic,
  i32,
  type FunctionIndex,
  type FunctionBuilder,
  type Index,
  type ModuleBuilder,
} from "@tenon/emit";
import type { Kernel } from "../kernels/kernel.js";

/**
 * Steps that threads do together: one whose work items they share, or a row of small ones that one
 * of them does alone.
 */
export interface Phase {
  /** Positions in the plan. */
  readonly steps: readonly number[];
  /** How many portions there are to take. */
  readonly portions: number;
  /** Work items in a portion, and in all. */
  readonly workItems: number;
  readonly all: number;
}

/** Less work than this is not worth waiting for each other. */
const leastFlops = 16_384;

/**
 * The steps of a plan as phases for some threads. Each phase begins when all of the one before is
 * done.
 */
export function phasesOf(
  steps: readonly { readonly kernel: Pick<Kernel, "workItems" | "flops"> }[],
  threads: number,
): Phase[] {
  const phases: Phase[] = [];
  let alone: number[] = [];
  const close = (): void => {
    if (alone.length > 0) phases.push({ steps: alone, portions: 1, workItems: 0, all: 0 });
    alone = [];
  };
  for (const [
    at,
    {
      kernel: { workItems: all, flops },
    },
  ] of steps.entries()) {
    if (all < 2 || flops < leastFlops) {
      alone.push(at);
      continue;
    }
    close();
    // Four portions for each thread, so that nobody waits long for the one whose processor was
    // taken away.
    const workItems = Math.max(1, Math.floor(all / (4 * threads)));
    phases.push({ steps: [at], portions: Math.ceil(all / workItems), workItems, all });
  }
  close();
  return phases;
}

/** Whether threads have anything to share. */
export const worthSharing = (phases: readonly Phase[]): boolean =>
  phases.some(({ portions }) => portions > 1);

/** Where threads meet, in bytes from the start of the words they share. */
export const words = { epoch: 0, failed: 64, active: 128, phases: 192 } as const;

/**
 * Each count has a line of the cache to itself: of each thread's portions those taken, and of all
 * those done.
 */
export const line = 64;
export const countsOf = (
  phase: number,
  threads: number,
): { readonly taken: number; readonly done: number; readonly bytes: number } => {
  const bytes = line * (threads + 1);
  const taken = words.phases + phase * bytes;
  return { taken, done: taken + line * threads, bytes };
};

/** Bytes of the words that threads share. */
export const wordsBytes = (phases: readonly Phase[], threads: number): number =>
  countsOf(phases.length, threads).taken;

/**
 * The portions of a phase that thread `t` takes before it helps others: [first, until). Neighbours
 * in one phase are neighbours in the next, so what a thread has written it reads again.
 */
export const own = (portions: number, threads: number, t: number): readonly [number, number] => [
  Math.floor((t * portions) / threads),
  Math.floor(((t + 1) * portions) / threads),
];

/** Looks at a word this often before it sleeps, about 50 µs. */
const looks = 20_000;
const napNanoseconds = 50_000;

/**
 * All phases in order, for every thread alike: (scratch of this thread, its number, epoch, whether
 * it may sleep) → ().
 *
 * A thread takes its own portions first, then those that the others have left. A phase's words
 * count the portions of each thread that were taken, and all that were done, over all runs: run
 * number e takes portions up to (e + 1) · (how many there are). So a thread that comes late finds
 * everything taken and done, takes nothing from the next run, and nobody has to wait for it. Which
 * thread does a portion changes no bit, since kernels promise that of their work items.
 */
export function shared(
  module: ModuleBuilder,
  at: number,
  phases: readonly Phase[],
  threads: number,
  callOf: (
    f: FunctionBuilder,
    step: number,
    scratch: Index,
    range?: readonly [Index, Index],
  ) => void,
): FunctionIndex {
  const wait = waitFor(module, at + words.failed);
  return module.func("run", ["i32", "i32", "i32", "i32"], (f, scratch, thread, epoch, maySleep) => {
    const of = f.local("i32");
    const helped = f.local("i32");
    const first = f.local("i32");
    const many = f.local("i32");
    const taken = f.local("i32");
    const start = f.local("i32");
    const old = f.local("i32");
    const portion = f.local("i32");
    const begin = f.local("i32");
    phases.forEach(({ steps, portions, workItems, all }, i) => {
      const counts = countsOf(i, threads);
      const done = at + counts.done;
      f.set(of, thread!);
      f.loop(helped, 0, threads, 1, () => {
        f.set(first, i32.divU(i32.mul(of, portions), threads));
        f.set(many, i32.sub(i32.divU(i32.mul(i32.add(of, 1), portions), threads), first));
        f.set(taken, i32.add(i32.mul(of, line), at + counts.taken));
        f.set(start, i32.mul(epoch!, many));
        f.repeat((again, exit) => {
          f.set(old, atomic.load(taken));
          f.set(portion, i32.sub(old, start));
          f.jumpIf(i32.geS(portion, many), exit);
          f.jumpIf(i32.ne(atomic.exchange(taken, old, i32.add(old, 1)), old), again);
          if (portions === 1) for (const step of steps) callOf(f, step, scratch!);
          else {
            f.set(begin, i32.mul(i32.add(portion, first), workItems));
            const rest = i32.add(begin, workItems);
            for (const step of steps)
              callOf(f, step, scratch!, [
                begin,
                i32.select(i32.ltS(rest, all), rest, i32.const(all)),
              ]);
          }
          f.drop(atomic.add(done, 1));
          f.jump(again);
        });
        f.bump(of, 1);
        f.if(i32.eq(of, threads), () => f.set(of, i32.const(0)));
      });
      f.call(wait, done, i32.add(i32.mul(epoch!, portions), portions), maySleep!);
    });
  });
}

/**
 * Waits until a count has come as far as it should: (address, count, whether it may sleep) → ().
 * Fails where another thread has failed.
 */
function waitFor(module: ModuleBuilder, failed: number): FunctionIndex {
  return module.func("wait", ["i32", "i32", "i32"], (f, at, count, maySleep) => {
    const looked = f.local("i32");
    f.repeat((again, exit) => {
      f.jumpIf(i32.geS(i32.sub(atomic.load(at!), count!), 0), exit);
      f.if(atomic.load(failed), () => f.trap());
      f.bump(looked, 1);
      f.if(i32.and(i32.gtS(looked, looks), maySleep!), () =>
        f.drop(atomic.wait(failed, 0, napNanoseconds)),
      );
      f.jump(again);
    });
  });
}
