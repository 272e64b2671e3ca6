import type { Batch, Dataset } from "@tenon/contracts";
import { isLater, type Later } from "./later.js";

/** Steps over batches, several of them in flight at a time. */
export interface InFlight<S> {
  /** How many steps are in flight. */
  count(): number;
  /**
   * Reads batches and submits their steps until as many as may be are in flight, then takes out the
   * oldest; nothing at the end. An error of the dataset is thrown after the steps before it.
   */
  next(): Promise<S | undefined>;
  /** Lets the dataset clean up, and waits until no step is in flight. */
  close(): Promise<void>;
}

/**
 * @param limit how many steps may be in flight
 * @param submit submits the step for a batch; gives nothing where no further batch is to be read
 */
export function inFlight<S extends { readonly outputs: Later<unknown> }>(
  batches: ReturnType<Dataset["batches"]>,
  limit: number,
  submit: (batch: Batch) => S | undefined,
): InFlight<S> {
  const { [Symbol.asyncIterator]: asynchronous } = batches as Partial<AsyncIterable<Batch>>;
  const iterator = asynchronous
    ? asynchronous.call(batches as AsyncIterable<Batch>)
    : (batches as Iterable<Batch>)[Symbol.iterator]();
  const steps: S[] = [];
  let isExhausted = false;
  let isOpen = true;
  let failure: { readonly cause: unknown } | undefined;
  return {
    count: () => steps.length,
    async next() {
      try {
        while (isOpen && steps.length < limit) {
          const { done, value } = await iterator.next();
          isExhausted = done === true;
          const step = isExhausted ? undefined : submit(value as Batch);
          isOpen = step !== undefined;
          if (!step) break;
          steps.push(step);
          // Its error is thrown when its turn comes, and is not unhandled until then.
          if (isLater(step.outputs)) step.outputs.catch(() => {});
        }
      } catch (cause) {
        isOpen = false;
        failure = { cause };
      }
      const step = steps.shift();
      if (!step && failure) throw failure.cause;
      return step;
    },
    async close() {
      if (!isExhausted) await iterator.return?.();
      await Promise.allSettled(steps.map(({ outputs }) => outputs));
    },
  };
}
