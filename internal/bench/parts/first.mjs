// What start.mjs imports: all of Tenon that a step of training needs.
import { engineOf, programOf } from "../contenders/tenon-program.mjs";

/** Does the first step of a work, and returns the times of its stages. */
export async function first(task, threads, { x, y }) {
  const imported = performance.now();
  const program = programOf(await engineOf(threads), task);
  const compiled = performance.now();
  const loss = program.step({ x, y, step: 0, seed: 1 }).loss.data[0];
  return { imported, compiled, stepped: performance.now(), loss };
}
