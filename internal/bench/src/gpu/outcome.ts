import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Part } from "./parts.js";

/** How a part ended. */
export interface Outcome {
  readonly part: Part;
  readonly state: "passed" | "failed" | "left out";
  readonly why: string;
  readonly seconds: number;
  /** The lines of JSON that it printed. */
  readonly lines: readonly unknown[];
}

/** The status with which a part says that something it needs is not there. */
const lacks = 3;

/**
 * Runs a part, shows what it prints, and says how it ended.
 *
 * @param seconds after which it is ended
 */
export async function outcomeOf(
  part: Part,
  seconds: number,
  show: (line: string) => void,
): Promise<Outcome> {
  const began = performance.now();
  const lines: unknown[] = [];
  const child = spawn(part.command, part.args, { stdio: ["ignore", "pipe", "pipe"] });
  let isCut = false;
  const timer = setTimeout(() => {
    isCut = true;
    child.kill("SIGKILL");
  }, 1000 * seconds);
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-4000);
    show(text.toString().trimEnd());
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    show(line);
    if (line.startsWith("{")) lines.push(JSON.parse(line));
  });
  const code = await new Promise<number | Error>((resolve) => {
    child.on("error", resolve).on("close", (status) => resolve(status ?? -1));
  });
  clearTimeout(timer);
  const ended = (state: Outcome["state"], why = ""): Outcome => ({
    ...{ part, state, why, lines },
    seconds: (performance.now() - began) / 1000,
  });
  if (code === 0) return ended("passed");
  if (isCut) return ended("failed", `not done after ${Math.round(seconds)} s`);
  if (typeof code !== "number") return ended(part.isPeer ? "left out" : "failed", code.message);
  const last = reasonIn(complaint);
  return code === lacks ? ended("left out", last) : ended("failed", `status ${code}: ${last}`);
}

/** The sentence of what a program wrote before it ended. */
function reasonIn(complaint: string): string {
  const error = /^\w*Error: .*$/m.exec(complaint)?.[0];
  return error ?? complaint.trim().split("\n").at(-1)!;
}
