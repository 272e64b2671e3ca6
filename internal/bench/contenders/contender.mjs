// The common part of all contenders: MNIST, a fresh batch for each step, and the messages to and
// from the bench, one line of JSON each.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { learningRate, works } from "./works.mjs";

export { learningRate, works };

const [work, threads, folder] = process.argv.slice(2);

/** The work that this process does, and on how many threads. */
export const task = { name: work, threads: Number(threads), ...works[work] };

const images = new Uint8Array(readFileSync(join(folder, "train-images-idx3-ubyte"))).subarray(16);
const labels = new Uint8Array(readFileSync(join(folder, "train-labels-idx1-ubyte"))).subarray(8);

/**
 * The images and labels of a step: the training set in an order that is the same for all
 * contenders, over and over.
 */
export function batchOf(step, size = task.batch) {
  const x = new Float32Array(size * 784);
  const y = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const example = ((step * size + i) * 7919) % 60000; // 7919 has no factor in common with 60,000
    for (let k = 0; k < 784; k++) x[784 * i + k] = images[784 * example + k] / 255;
    y[i] = labels[example];
  }
  return { x, y };
}

/** Glorot's uniform initial values, from a small generator so that all start with the same. */
export function glorot(shape, fanIn, fanOut, seed) {
  let state = seed * 2654435761 + 12345;
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(
    { length: size },
    () => (((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 23 - 1) * limit,
  );
}

/**
 * Answers the bench: `step(i, { x, y })` does one training step and gives its loss (or a promise of
 * it). Only the step is timed; the batch is made before. `chance` is the loss of the same
 * prediction for every image.
 */
export async function serve({ version, note = "", chance = Math.log(10) }, step) {
  const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  const timed = async (i) => {
    const batch = batchOf(i);
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
