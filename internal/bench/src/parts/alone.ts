import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Variant } from "../runtimes.js";

/** The inputs of a part of the bench that measures Tenon alone. */
export interface Setting {
  readonly variants: readonly Variant[];
  /** As many threads as the engine takes by itself. */
  readonly most: number;
  readonly quick: boolean;
  /** The folder of the programs that scripts/bench.mjs built. */
  readonly built: string;
  report(line: string): void;
  /** Reports an engine that is left out, and why. */
  leaveOut(name: string, why: string): void;
}

/** Which engine ran where: what rows of all parts begin with. */
export interface Alone {
  readonly contender: string;
  readonly runtime: string;
}

/** Runs a program of ours on a variant's Node; gives the objects that it wrote, one a line. */
export async function answers<T>(
  { runtime: { command }, wish }: Variant,
  args: readonly string[],
  heard: (answer: T) => void = () => {},
): Promise<T[]> {
  const child = spawn(command, args, {
    env: { ...process.env, TENON_WASM: wish },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-4000);
  });
  const closed = new Promise<number | null>((resolve) => {
    child
      .on("error", (error) => {
        complaint = error.message;
      })
      .on("close", resolve);
  });
  const all: T[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line) as T;
    all.push(answer);
    heard(answer);
  }
  const code = await closed;
  if (code !== 0)
    throw new Error(
      /^\w*Error: .*$/m.exec(complaint)?.[0] ??
        (complaint.trim().split("\n").at(-1) || `it ended with code ${code}`),
    );
  return all;
}

/**
 * Measures each case with all engines in turn, so that other load on the machine affects all alike.
 * An engine that fails is left out of what follows, by name.
 */
export async function inTurns<C, T>(
  { variants, leaveOut }: Pick<Setting, "variants" | "leaveOut">,
  cases: readonly C[],
  what: (variant: Variant, alone: Alone, item: C) => Promise<readonly T[]>,
): Promise<T[]> {
  const rows: T[] = [];
  const gone = new Set<Variant>();
  for (const item of cases)
    for (const variant of variants) {
      if (gone.has(variant)) continue;
      const alone = { contender: variant.name, runtime: variant.runtime.name };
      await what(variant, alone, item).then(
        (newRows) => void rows.push(...newRows),
        (error: Error) => {
          gone.add(variant);
          leaveOut(`${alone.contender}, ${alone.runtime}`, error.message);
        },
      );
    }
  return rows;
}

/** One engine of each name, the first. */
export const oneOfEach = (variants: readonly Variant[]): Variant[] =>
  variants.filter(({ name }, i) => variants.findIndex((other) => other.name === name) === i);
