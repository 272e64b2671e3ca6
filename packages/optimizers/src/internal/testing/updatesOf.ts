import type { Transform } from "@tenon/contracts";
import { eager } from "./eager.js";

/** For tests: the updates of a transform for gradients of one vector, which does not change. */
export function updatesOf(
  transform: Transform,
  gradients: readonly (readonly number[])[],
  params: readonly number[] = gradients[0]!.map(() => 0),
): number[][] {
  const run = eager(transform, { w: { shape: [params.length], data: params } });
  const start = run.params;
  return gradients.map((gradient) => {
    run.params = start;
    return [...run.step({ w: { shape: [gradient.length], data: gradient } })["w"]!.data];
  });
}

/** For tests: a vector after each step along the gradients of a function. */
export function path(
  transform: Transform,
  gradient: (w: readonly number[]) => readonly number[],
  start: readonly number[],
  steps: number,
): number[][] {
  const run = eager(transform, { w: { shape: [start.length], data: start } });
  return Array.from({ length: steps }, () => {
    run.step({ w: { shape: [start.length], data: gradient([...run.params["w"]!.data]) } });
    return [...run.params["w"]!.data];
  });
}
