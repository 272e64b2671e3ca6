import type { Penalty, Transform } from "@tenon/contracts";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { gradients, reference, type Tensor } from "@tenon/tensor";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";
import { projected } from "./internal/plainRun.js";
import * as r from "./index.js";

interface Row extends GoldenRow {
  readonly x: GoldenArray;
  readonly value: number;
  readonly grad: GoldenArray;
  readonly y: GoldenArray;
  readonly metrics: readonly number[];
  readonly stopped_epoch: number | null;
  readonly best_epoch: number;
  readonly restored: number;
}

/** A row's options with the library's defaults. An option that is not among them is not covered. */
function read<D extends Readonly<Record<string, unknown>>>(row: Row, defaults: D): D {
  for (const name of Object.keys(row.options))
    if (!Object.hasOwn(defaults, name)) notCovered(`option ${name}`);
  return { ...defaults, ...row.options };
}

/** The value of a penalty, and its gradient as the tensor package takes it, in float64. */
function costs(row: Row, penalty: Penalty): void {
  const { shape, data } = row.x;
  const w = { shape, dtype: "float32" as const, data: Float64Array.from(data) };
  const program = reference({ precision: "float64" }).compile(
    (state: { w: Tensor }) => {
      const value = penalty.value<Tensor>(state);
      return { state, outputs: { value, grad: gradients(value, state).w } };
    },
    { w },
    {},
  );
  const { value, grad } = program.step({});
  expectClose(value.data, [row.value], toleranceOf(row), "value");
  expectClose(grad.data, row.grad.data, toleranceOf(row), "grad");
}

const becomes = (row: Row, transform: Transform): void =>
  expectClose(projected(transform, row.x), row.y.data, toleranceOf(row));

const all = { only: () => true };
const axesOf = (axis: number | readonly number[]): readonly number[] =>
  typeof axis === "number" ? [axis] : axis;
const whole = ({ x: { shape } }: Row): readonly number[] => shape.map((_, i) => i);
const eps = 1e-7;

function earlyStopping(row: Row): void {
  const {
    monitor,
    patience,
    min_delta: minDelta,
    mode,
    baseline,
    restore_best_weights: restoreBest,
    start_from_epoch,
  } = read(row, {
    monitor: "val_loss",
    patience: 0,
    min_delta: 0,
    mode: "auto",
    baseline: null as number | null,
    restore_best_weights: false,
    start_from_epoch: 0,
  });
  if (monitor !== "val_loss") notCovered(`monitor ${monitor}`);
  const stopper = r.earlyStopping({
    patience,
    minDelta: Math.abs(minDelta),
    mode: mode === "max" ? "max" : "min",
    restoreBest,
    startFromEpoch: start_from_epoch + 1,
    ...(baseline === null ? {} : { baseline }),
  });
  let state = stopper.start;
  let stopped: number | null = null;
  let kept = 0;
  let last = 0;
  for (const [epoch, value] of row.metrics.entries()) {
    const observed = stopper.observe(state, value, epoch + 1); // ours are counted from 1
    state = observed.state;
    last = epoch;
    if (observed.best) kept = epoch;
    if (!observed.stop) continue;
    stopped = epoch;
    break;
  }
  expect({ stopped, best: kept, restored: stopper.restoreBest ? kept : last }).toEqual({
    stopped: row.stopped_epoch,
    best: row.best_epoch,
    restored: row.restored,
  });
  expect(state.bestEpoch).toBe(row.best_epoch + 1);
}

goldenSuite("regularizers", golden<Row>("regularizers"), {
  "keras/keras.regularizers.L1": (row) => costs(row, r.l1(read(row, { l1: 0.01 }).l1, all)),
  "keras/keras.regularizers.L2": (row) => costs(row, r.l2(read(row, { l2: 0.01 }).l2, all)),
  "keras/keras.regularizers.L1L2": (row) =>
    costs(row, r.elasticNet({ ...read(row, { l1: 0, l2: 0 }), ...all })),
  "keras/keras.regularizers.OrthogonalRegularizer"(row) {
    const { factor, mode } = read(row, { factor: 0.01, mode: "rows" as "rows" | "columns" });
    costs(row, r.orthogonal(factor, { mode, ...all }));
  },
  "keras/keras.constraints.MaxNorm"(row) {
    const { max_value: max, axis } = read(row, { max_value: 2, axis: 0 as number | number[] });
    becomes(row, r.maxNorm({ max, axes: axesOf(axis), eps, ...all }));
  },
  "keras/keras.constraints.NonNeg": (row) =>
    becomes(row, r.nonNegative({ ...read(row, {}), ...all })),
  "keras/keras.constraints.UnitNorm": (row) =>
    becomes(
      row,
      r.unitNorm({ axes: axesOf(read(row, { axis: 0 as number | number[] }).axis), ...all }),
    ),
  "keras/keras.constraints.MinMaxNorm"(row) {
    const {
      min_value: min,
      max_value: max,
      rate,
      axis,
    } = read(row, { min_value: 0, max_value: 1, rate: 1, axis: 0 as number | number[] });
    becomes(row, r.minMaxNorm({ min, max, rate, axes: axesOf(axis), ...all }));
  },
  "keras/keras.callbacks.EarlyStopping": earlyStopping,
  "optax/optax.projections.projection_non_negative": (row) =>
    becomes(row, r.nonNegative({ ...read(row, {}), ...all })),
  "optax/optax.projections.projection_box"(row) {
    const { lower: low, upper: high } = read(row, { lower: NaN, upper: NaN });
    becomes(row, r.bounded({ low, high, ...all }));
  },
  "optax/optax.projections.projection_hypercube": (row) =>
    becomes(row, r.bounded({ low: 0, high: read(row, { scale: 1 }).scale, ...all })),
  "optax/optax.projections.projection_linf_ball"(row) {
    const { scale } = read(row, { scale: 1 });
    becomes(row, r.bounded({ low: -scale, high: scale, ...all }));
  },
  "optax/optax.projections.projection_simplex": (row) =>
    becomes(row, r.simplex({ sum: read(row, { scale: 1 }).scale, axes: whole(row), ...all })),
  "optax/optax.projections.projection_l1_ball": (row) =>
    becomes(row, r.l1Ball({ max: read(row, { scale: 1 }).scale, axes: whole(row), ...all })),
  "optax/optax.projections.projection_l1_sphere"(row) {
    const { scale: max } = read(row, { scale: 1 });
    becomes(row, r.l1Ball({ max, onSphere: true, axes: whole(row), ...all }));
  },
  "optax/optax.projections.projection_l2_ball": (row) =>
    becomes(row, r.maxNorm({ max: read(row, { scale: 1 }).scale, axes: whole(row), ...all })),
  "optax/optax.projections.projection_l2_sphere": (row) =>
    becomes(
      row,
      r.unitNorm({ norm: read(row, { scale: 1 }).scale, axes: whole(row), eps: 1e-30, ...all }),
    ),
});
