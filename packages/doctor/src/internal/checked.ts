import {
  badArgument,
  callable,
  known,
  made,
  madeList,
  notNegative,
  positive,
  shown,
  whole,
} from "@tenon/guards";
import type { CheckOptions } from "../overfitOneBatch.js";

/** The options of a check, with their defaults. */
export type Checked<T, O> = CheckOptions<T, O> &
  Required<
    Pick<
      CheckOptions<T, O>,
      "penalties" | "metrics" | "lossName" | "batchSize" | "steps" | "fraction" | "floor" | "seed"
    >
  >;

const required = "fit statistics model train loss optimizer engine ";
const optional = "penalties metrics lossName batchSize seed steps fraction floor";

/** Checks what `checkSetup` and `overfitOneBatch` take, and adds the defaults. */
export function checked<T, O>(name: string, options: CheckOptions<T, O>): Checked<T, O> {
  known<CheckOptions<unknown, unknown>, never>(
    name,
    options as never,
    `${required}${optional}` as never,
  );
  const { fit, statistics, model, train, loss, optimizer, engine } = options;
  callable(name, "fit", fit);
  callable(name, "statistics", statistics);
  callable(name, "loss", loss);
  made(name, "a model", model, "plan forward toJSON", "sequential(dense(10))");
  made(name, "train as a dataset", train, "batches", "dataset({ x, y })");
  made(name, "optimizer as a transform", optimizer, "slots update", "adam()");
  made(name, "engine as an engine", engine, "compile", "await wasm() of @tenon/wasm");
  const { batchSize = 32, steps = 200, fraction = 0.1, floor = 0, seed = 0 } = options;
  whole(name, "batchSize", batchSize, 1);
  whole(name, "steps", steps, 1);
  positive(name, "fraction", fraction);
  notNegative(name, "floor", floor);
  whole(name, "seed", seed, 0);
  const { penalties = [], metrics = [], lossName = loss.name } = options;
  madeList(name, "penalties", penalties, "value", "l2(0.01)");
  madeList(name, "metrics", metrics, "update result", "accuracy");
  if (typeof lossName !== "string")
    throw badArgument(name, 'lossName as a name, such as "crossEntropy"', shown(lossName));
  const numbers = { batchSize, steps, fraction, floor, seed };
  return { ...options, ...numbers, penalties, metrics, lossName };
}
