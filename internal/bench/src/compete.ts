import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Contender } from "./contenders.js";
import { share, stepsFor, type Effort } from "./effort.js";

/** The message of a contender after its first step. */
export interface Ready {
  readonly version: string;
  readonly note: string;
  /** The program that ran it: `Node 20.20.2`, `Python 3.12.3`. */
  readonly runtime: string;
  /** The loss of the same prediction for every image. */
  readonly chance: number;
  readonly firstStepMs: number;
  readonly sinceStartMs: number;
  readonly loss: number;
}

/** One contender in one work. */
export interface Run {
  readonly contender: Contender;
  readonly ms: number[];
  readonly losses: number[];
  ready?: Ready;
  memoryMB: number;
  failed?: string;
}

/** Its name in messages: `tenon on 2, Node 24.1.0`. */
export const called = ({ name, threads, runtime }: Contender): string =>
  `${name} on ${threads}${runtime === undefined ? "" : `, ${runtime}`}`;

interface Turn {
  readonly ms: number[];
  readonly loss: number[];
  readonly memoryMB: number;
}

interface Side {
  readonly run: Run;
  /** How many steps it is to be timed. */
  steps: number;
  ask(message?: object): Promise<unknown>;
  stop(): void;
}

/** Starts a contender's process; each question is answered by one line. */
function start(contender: Contender, work: string): Side {
  const { command, args, env } = contender.start(work);
  // OPENBLAS_CORETYPE may restrict OpenBLAS to an older processor's instructions. Without it
  // OpenBLAS chooses them by the processor.
  const child = spawn(command, args, {
    env: { ...process.env, OPENBLAS_CORETYPE: undefined, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-4000);
  });
  child.stdin.on("error", () => {}); // the process has ended: ask() reports it
  child.on("error", (error) => {
    complaint = error.message;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: { contender, ms: [], losses: [], memoryMB: 0 },
    steps: 0,
    async ask(message) {
      if (message) child.stdin.write(`${JSON.stringify(message)}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done)
          throw new Error(
            /^\w*Error: .*$/m.exec(complaint)?.[0] ??
              (complaint.trim().split("\n").at(-1) || "it ended without a word"),
          );
        // libraries may print other lines: answers are JSON objects
        if (value.startsWith("{")) return JSON.parse(value);
      }
    },
    stop: () => void child.kill(),
  };
}

const silence = (seconds: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer for ${seconds} s`)), 1000 * seconds).unref();
  });

/**
 * Trains a work with all contenders, in turns, so that other load on the machine affects all alike.
 */
export async function compete(
  contenders: readonly Contender[],
  work: string,
  effort: Effort,
  report: (line: string) => void,
): Promise<Run[]> {
  const sides: Side[] = [];
  const attempt = async ({ run, stop }: Side, what: () => Promise<void>): Promise<void> => {
    if (run.failed !== undefined) return;
    await what().catch((error: Error) => {
      run.failed = error.message;
      stop();
    });
  };
  const turn = async ({ run, ask }: Side, steps: number): Promise<Turn> => {
    const done = (await Promise.race([ask({ steps }), silence(effort.patience)])) as Turn;
    run.losses.push(...done.loss);
    run.memoryMB = Math.max(run.memoryMB, done.memoryMB);
    return done;
  };
  const begin = (contender: Contender): Promise<void> => {
    report(`${called(contender)}: starting`);
    const side = start(contender, work);
    const { run } = side;
    sides.push(side);
    return attempt(side, async () => {
      run.ready = (await Promise.race([side.ask(), silence(effort.patience)])) as Ready;
      run.losses.push(run.ready.loss);
    });
  };
  /** Runs steps until their time is stable; the last one's decides how many are measured. */
  const warm = (side: Side): Promise<void> =>
    attempt(side, async () => {
      let ms = (await turn(side, 1)).ms[0]!;
      if (ms < 250) ms = (await turn(side, Math.min(200, Math.ceil(400 / ms)))).ms.at(-1)!;
      side.steps = stepsFor(effort, ms);
    });
  try {
    if (effort.together) await Promise.all(contenders.map(begin));
    else for (const contender of contenders) await begin(contender);
    for (const side of sides) {
      report(`${called(side.run.contender)}: warming up`);
      await warm(side);
    }
    for (let round = 0; round < effort.rounds; round++)
      for (const side of sides) {
        const steps = share(side.steps, round, effort.rounds);
        const { run } = side;
        if (steps === 0) continue;
        report(`round ${round + 1} of ${effort.rounds}: ${called(run.contender)}`);
        await attempt(side, async () => {
          run.ms.push(...(await turn(side, steps)).ms);
        });
      }
  } finally {
    for (const side of sides) side.stop();
  }
  return sides.map(({ run }) => run);
}
