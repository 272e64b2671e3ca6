import type { Arithmetic, ByPath, Penalty } from "@tenon/contracts";
import { badArgument, made, noOptions } from "@tenon/guards";

/**
 * A penalty of the layers' outputs in place of the parameters, divided by the number of examples:
 * `activity(l1(1e-4, { only: (path) => path === "relu1" }))` makes few units of that layer active.
 *
 * Outputs are called as in the events of `fit` with statistics; `only` is asked with their path and
 * shape. Keras: `activity_regularizer`. Throws a RangeError if it is not a penalty, or where no
 * outputs are given.
 */
export function activity(penalty: Penalty): Penalty {
  noOptions("activity", arguments[1]);
  made("activity", "a penalty", penalty, "value", "l1()");
  return {
    name: `activity ${penalty.name}`,
    readsOutputs: true,
    value<T extends Arithmetic<T>>(_: ByPath<T>, outputs?: ByPath<T>): T {
      const [first] = Object.values(outputs ?? {});
      if (!first)
        throw badArgument(
          "activity",
          "the outputs of layers",
          "none",
          "train with fit or trainingStep",
        );
      return penalty.value(outputs!).div(Math.max(1, first.shape[0] ?? 1));
    },
  };
}
