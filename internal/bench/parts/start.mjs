// node start.mjs FILE WORK THREADS: milliseconds from the import of FILE (first.mjs, in one file or
// with its packages as files of their own) to the end of a work's first step.
import { works } from "../contenders/works.mjs";
import { noise } from "./noise.mjs";

const [file, work, threads] = process.argv.slice(2);
const task = works[work];
const batch = noise(task.batch);

const began = performance.now();
const { first } = await import(file);
const { imported, compiled, stepped, loss } = await first(task, Number(threads), batch);
// Before any training the loss is near that of the same prediction for all images.
if (!(Math.abs(loss - Math.log(10)) < 1))
  throw new Error(`start: expected a first loss near ${Math.log(10)}, got ${loss}`);
process.stdout.write(
  `${JSON.stringify({ importMs: imported - began, compileMs: compiled - imported, stepMs: stepped - compiled, ms: stepped - began, sinceStartMs: stepped })}\n`,
);
process.exit(0);
