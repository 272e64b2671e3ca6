import type { NDArray } from "@tenon/contracts";
import { badArgument, known, sizeOf, whole } from "@tenon/guards";
import { dataset, type InMemoryDataset } from "./dataset.js";
import { checkArray } from "./internal/check.js";

export interface WindowsOptions {
  /** How many values a window has. */
  readonly length: number;
  /** How far apart windows begin. Keras: `sequence_stride`. @defaultValue 1 */
  readonly stride?: number;
  /** How far apart the values of a window are. Keras: `sampling_rate`. @defaultValue 1 */
  readonly every?: number;
  /** How far after a window's last value its target is; 0 is that value. @defaultValue 1 */
  readonly ahead?: number;
  /** What is to be predicted, [time, …]. @defaultValue the series itself */
  readonly targets?: NDArray;
}

/**
 * A dataset of the windows of a series [time, …], x: [count, length, …], each with the value that
 * follows it as target, y: [count, …].
 *
 * Window i is series[i · stride + k · every] for k < length, its target
 * targets[i · stride + (length − 1) · every + ahead]. Throws where no window fits, or targets are
 * not as many as the series. Keras: `timeseries_dataset_from_array`.
 */
export function windows(series: NDArray, options: WindowsOptions): InMemoryDataset {
  const {
    length,
    stride = 1,
    every = 1,
    ahead = 1,
    targets = series,
  } = known("windows", options, "length stride every ahead targets");
  checkArray("windows", series);
  checkArray("windows: targets", targets);
  whole("windows", "length", length, 1);
  whole("windows", "stride", stride, 1);
  whole("windows", "every", every, 1);
  whole("windows", "ahead", ahead, 0);
  const [time, ...shape] = series.shape;
  if (targets.shape[0] !== time)
    throw badArgument("windows", `${time} targets, as long as the series`, targets.shape[0]);
  const last = (length - 1) * every;
  const count = Math.floor((time - 1 - last - ahead) / stride) + 1;
  if (count < 1)
    throw badArgument("windows", `a series of at least ${last + ahead + 1} values`, time);
  const at = (i: number, k: number): number => i * stride + k * every;
  return dataset({
    x: {
      ...rowsOf(series, count * length, (i) => at(Math.floor(i / length), i % length)),
      shape: [count, length, ...shape],
    },
    y: rowsOf(targets, count, (i) => at(i, length - 1) + ahead),
  });
}

/** `count` rows of an array, the i-th of which is its row `placeOf(i)`. */
function rowsOf(array: NDArray, count: number, placeOf: (i: number) => number): NDArray {
  const [, ...shape] = array.shape;
  const width = sizeOf(shape);
  const isWhole = array.dtype === "int32";
  const data = isWhole ? new Int32Array(count * width) : new Float32Array(count * width);
  for (let i = 0; i < count; i++)
    data.set(array.data.subarray(placeOf(i) * width, (placeOf(i) + 1) * width), i * width);
  return { shape: [count, ...shape], dtype: array.dtype, data };
}
