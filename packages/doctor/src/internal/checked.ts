import { callable, known, made, notNegative, positive, whole } from "@tenon/guards";
import type { CheckOptions } from "../overfitOneBatch.js";

/** The options of a check, with their defaults. */
export type Checked<T> = CheckOptions<T> &
  Required<
    Pick<
      CheckOptions<T>,
      "penalties" | "metrics" | "lossName" | "batchSize" | "steps" | "fraction" | "floor" | "seed"
    >
  >;

const required = "fit model train loss optimizer ";
const optional = "penalties metrics lossName batchSize seed engine steps fraction floor";

/** Checks what `checkSetup` and `overfitOneBatch` take, and adds the defaults. */
export function checked<T>(name: string, options: CheckOptions<T>): Checked<T> {
  known<CheckOptions<unknown>, never>(name, options as never, `${required}${optional}` as never);
  const { fit, model, train, loss, optimizer } = options;
  callable(name, "fit", fit);
  callable(name, "loss", loss);
  made(name, "a model", model, "plan forward toJSON", "sequential(dense(10))");
  made(name, "train as a dataset", train, "batches", "dataset({ x, y })");
  made(name, "optimizer as a transform", optimizer, "slots update", "adam()");
  const { batchSize = 32, steps = 200, fraction = 0.1, floor = 0, seed = 0 } = options;
  whole(name, "batchSize", batchSize, 1);
  whole(name, "steps", steps, 1);
  positive(name, "fraction", fraction);
  notNegative(name, "floor", floor);
  const { penalties = [], metrics = [], lossName = loss.name } = options;
  const numbers = { batchSize, steps, fraction, floor, seed };
  return { ...options, ...numbers, penalties, metrics, lossName };
}
