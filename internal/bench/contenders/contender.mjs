// The common part of all contenders: MNIST, a fresh batch for each step, and the messages to and
// from the bench, one line of JSON each.
import { createInterface } from "node:readline";
import { batchOf } from "./batches.mjs";
import { learningRate, works } from "./works.mjs";

export { learningRate, works };

const [work, threads] = process.argv.slice(2);

/** The work that this process does, and on how many threads. */
export const task = { name: work, threads: Number(threads), ...works[work] };

/**
 * Answers the bench: `step(i, { x, y })` does one training step and gives its loss (or a promise of
 * it). Only the step is timed; the batch is made before. `chance` is the loss of the same
 * prediction for every image.
 */
export async function serve({ version, note = "", chance = Math.log(10) }, step) {
  const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  const timed = async (i) => {
    const batch = batchOf(i, task.batch);
    const began = performance.now();
    const loss = await step(i, batch);
    return { ms: performance.now() - began, loss };
  };
  let nextStep = 0;
  const first = await timed(nextStep++);
  say({
    ready: true,
    version,
    note,
    runtime: `Node ${process.versions.node}`,
    chance,
    firstStepMs: first.ms,
    loss: first.loss,
    sinceStartMs: performance.now(),
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const done = [];
    for (let remaining = JSON.parse(line).steps; remaining > 0; remaining--)
      done.push(await timed(nextStep++));
    say({
      ms: done.map(({ ms }) => ms),
      loss: done.map(({ loss }) => loss),
      memoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
    });
  }
  process.exit(0);
}
