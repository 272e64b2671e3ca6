import * as i32 from "@tenon/emit/i32";
import type { MaxPoolOptions, PoolSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { storeLanes } from "../shared/segment.js";
import { imagePointersOf, reduceWindow, resultsOf } from "./argmax.js";
import { inputReader } from "./fusedInputs.js";
import { poolOf } from "./poolWindows.js";
import { rowsOfWindows } from "./windowKernels.js";

/**
 * The maximum of each window: y[n, row, column, c] = max over the window's cells of x[n, cell, c].
 * Pointers: the maxima, what is gathered at the argmaxes, the argmax indices (int32), all [n, rows,
 * columns, channels], and then the image x, or the inputs of the prologue.
 */
export function maxPool2d(spec: PoolSpec, options: MaxPoolOptions = {}): Kernel {
  const pool = poolOf(spec);
  const results = resultsOf(spec, options);
  const { prologue, count } = results;
  const kernel = rowsOfWindows({
    key: `maxPool2d${results.key}/${pool.key}`,
    pool,
    pointers: count + prologue.inputs.length,
    imagePointers: imagePointersOf(results),
    visit: ({ f, arrays }, window, { channel, lanes, all }) => {
      const reader = inputReader(f, prologue, {
        arrays: arrays.slice(count),
        channel,
        firstBase: window.first.base,
      });
      const outputs = arrays
        .slice(0, count)
        .map((array) => f.let(i32.add(i32.add(array, window.output), channel)));
      all((shift) =>
        reduceWindow(f, results, window, reader(shift)).forEach((value, k) =>
          storeLanes(f, outputs[k]!, value, lanes, shift),
        ),
      );
    },
  });
  return { ...kernel, maxPool: { spec, options, firstInput: count } };
}
