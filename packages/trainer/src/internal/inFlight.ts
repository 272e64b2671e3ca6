import type { Batch, Dataset } from "@tenon/contracts";
import { checkedBatch } from "./checkData.js";
import { handled, type Later } from "./later.js";

/**
 * Submits a step for each batch, as many as `limit` before the first of them is answered, and
 * yields the submitted steps in order. An error of the dataset is thrown after the steps before it.
 * At the end the dataset has cleaned up, and no step is in flight.
 *
 * @param who the function that was called
 * @param submit submits the step for a batch, `ahead` others being in flight; gives nothing where
 *   no further batch is to be read
 */
export async function* inFlight<S extends { readonly outputs: Later<unknown> }>(
  who: string,
  batches: ReturnType<Dataset["batches"]>,
  limit: number,
  submit: (batch: Batch, ahead: number) => S | undefined,
): AsyncGenerator<S, void, void> {
  const steps: S[] = [];
  let failure: { readonly cause: unknown } | undefined;
  try {
    try {
      for await (const batch of batches) {
        const step = submit(checkedBatch(who, batch), steps.length);
        if (!step) break;
        steps.push(step);
        handled(step.outputs);
        if (steps.length >= limit) yield steps.shift()!;
      }
    } catch (cause) {
      failure = { cause };
    }
    for (let step = steps.shift(); step; step = steps.shift()) yield step;
    if (failure) throw failure.cause;
  } finally {
    await Promise.allSettled(steps.map(({ outputs }) => outputs));
  }
}
