import type { NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { IndexError } from "@tenon/tensor";
import { isLater, type Later } from "./later.js";

/** What a step was fed: the arrays that may hold an index. */
interface Fed {
  readonly x: NDArray;
  readonly y?: NDArray;
}

/**
 * What a call gives. Where it fails because of an index that is out of bounds, the error names the
 * function that was called, whether it is a label or an input, and what to do.
 */
export function explained<V>(who: string, { x, y }: Fed, call: () => Later<V>): Later<V> {
  const rethrow = (cause: Partial<IndexError>): never => {
    const { index = NaN, size, use } = cause;
    const holds = (array?: NDArray): boolean =>
      array?.dtype === "int32" && (array.data as Int32Array).includes(index);
    const isInput = holds(x) && (!holds(y) || /^(embedding|gather)$/.test(use!.by));
    if (!isInput && !holds(y)) throw cause;
    const [what, fix] = isInput
      ? ["inputs", "give the layer more rows"]
      : [
          "labels",
          index < 0
            ? `count from 0; crossEntropy and nll leave ${index} out by ignoreIndex`
            : "count from 0, or add outputs",
        ];
    const expected = `${what} below ${size}, the number of ${isInput ? "rows" : "classes"}`;
    const fixed = `${fix}. Nothing was changed`;
    throw Object.assign(badArgument(who, expected, index, fixed), { cause });
  };
  try {
    const result = call();
    return isLater(result) ? result.catch(rethrow) : result;
  } catch (cause) {
    return rethrow(cause as Partial<IndexError>);
  }
}
