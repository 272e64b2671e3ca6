import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Contender } from "./contenders.js";

/** How long contenders are timed. */
export interface Effort {
  /** So many steps, */
  readonly steps: number;
  /** or so many seconds and the fewest steps that show whether it learns, */
  readonly seconds: number;
  /** unless those take longer than so many seconds: then it is left out. */
  readonly slowest: number;
}

/** What a contender says when its first step is done. */
export interface Ready {
  readonly version: string;
  readonly note: string;
  readonly firstStepMs: number;
  readonly sinceStartMs: number;
  readonly loss: number;
}

/** One contender in one work. */
export interface Run {
  readonly contender: Contender;
  readonly threads: number;
  readonly ms: number[];
  readonly losses: number[];
  ready?: Ready;
  memoryMB: number;
  failed?: string;
}

/** The fewest steps after which a loss that falls can be told from one that does not. */
const fewest = 12;
/** A turn is about as long, in milliseconds: long enough to settle, short enough that all feel the same neighbours. */
const turn = 250;

interface Side {
  readonly run: Run;
  /** Milliseconds in steps so far. */
  spent: number;
  ask(message?: object): Promise<unknown>;
  stop(): void;
}

/** Starts a contender's process; each question is answered by one line. */
function start(contender: Contender, work: string): Side {
  const { command, args, env } = contender.start(work);
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => { complaint = (complaint + text.toString()).slice(-4000); });
  child.stdin.on("error", () => {}); // it has ended: the answer that does not come says so
  child.on("error", (error) => { complaint = error.message; });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: { contender, threads: contender.threads, ms: [], losses: [], memoryMB: 0 },
    spent: 0,
    async ask(message) {
      if (message) child.stdin.write(`${JSON.stringify(message)}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(/^\w*Error: .*$/m.exec(complaint)?.[0] ?? (complaint.trim().split("\n").at(-1) || "it ended without a word"));
        if (value.startsWith("{")) return JSON.parse(value);
      }
    },
    stop: () => void child.kill(),
  };
}

const after = (milliseconds: number): Promise<never> => new Promise((_, reject) => {
  setTimeout(() => reject(new Error(`no answer for ${Math.round(milliseconds / 1000)} s`)), milliseconds).unref();
});

/** Trains a work with all contenders, in turns, so that whatever else the machine does falls on all alike. */
export async function compete(contenders: readonly Contender[], work: string, effort: Effort, report: (line: string) => void): Promise<Run[]> {
  const attempt = async (side: Side, what: () => Promise<void>): Promise<void> => {
    try {
      await what();
    } catch (error) {
      side.run.failed = (error as Error).message;
      side.stop();
    }
  };
  const sides: Side[] = [];
  for (const contender of contenders) {
    report(`${contender.name} on ${contender.threads}: starting`);
    const side = start(contender, work);
    sides.push(side);
    await attempt(side, async () => {
      const ready = await Promise.race([side.ask(), after(1000 * Math.max(20, effort.slowest))]) as Ready;
      side.run.ready = ready;
      side.run.losses.push(ready.loss);
      // The first step compiles as well; of a slow one that is the smaller part.
      if (ready.firstStepMs > 3000 && ready.firstStepMs * fewest > 1000 * effort.slowest) throw new Error(`its first step took ${(ready.firstStepMs / 1000).toFixed(0)} s`);
    });
  }
  const enough = ({ run, spent }: Side): boolean => run.failed !== undefined || run.ms.length >= effort.steps
    || (spent > 1000 * effort.seconds && run.ms.length >= fewest) || spent > 1000 * effort.slowest;
  for (let round = 0; !sides.every(enough); round++) for (const side of sides.filter((side) => !enough(side))) {
    const { run } = side;
    report(`${run.contender.name} on ${run.threads}: ${run.ms.length} steps`);
    await attempt(side, async () => {
      const last = run.ms.at(-1) ?? run.ready!.firstStepMs;
      const { ms, loss, memoryMB } = await side.ask({ steps: Math.max(1, Math.min(25, Math.round(turn / last))) }) as { ms: number[]; loss: number[]; memoryMB: number };
      // The first turn warms up: compilers, caches, clocks.
      if (round > 0 || last > 1000) run.ms.push(...ms);
      run.losses.push(...loss);
      run.memoryMB = Math.max(run.memoryMB, memoryMB);
      side.spent += ms.reduce((a, b) => a + b, 0);
    });
  }
  for (const side of sides) side.stop();
  return sides.map(({ run }) => run);
}
