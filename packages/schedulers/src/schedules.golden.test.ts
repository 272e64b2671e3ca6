/// <reference types="node" />
import type { Schedule } from "@tenon/contracts";
import { golden } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";
import * as modules from "./index.js";
import { plateau, type ScheduleRow } from "./internal/goldenPlateau.testing.js";
import { build, reader, type Reader } from "./internal/goldenReader.testing.js";

const {
  constant,
  cosineDecay,
  cosineRestarts,
  cyclic,
  exponentialDecay,
  inverseTimeDecay,
  join,
  linear,
  oneCycle,
  piecewiseConstant,
  piecewiseInterpolate,
  polynomial,
  product,
  scheduleFromJSON,
  stepDecay,
  warmup,
  warmupCosine,
} = modules;

const interpolation = (text: string): "linear" | "cosine" =>
  text === "cos" || text === "cosine"
    ? "cosine"
    : text === "linear"
      ? "linear"
      : notCovered(`anneals by ${text}`);

const torch: Readonly<Record<string, (read: Reader, base: number) => Schedule>> = {
  "torch.optim.lr_scheduler.StepLR": (o, start) =>
    stepDecay({ start, steps: o.number("step_size"), factor: o.number("gamma", 0.1) }),
  "torch.optim.lr_scheduler.MultiStepLR": (o, start) => {
    const boundaries = o.numbers("milestones");
    const gamma = o.number("gamma", 0.1);
    return piecewiseConstant({
      boundaries,
      values: [start, ...boundaries.map((_, i) => start * gamma ** (i + 1))],
    });
  },
  "torch.optim.lr_scheduler.ExponentialLR": (o, start) =>
    exponentialDecay({ start, decayRate: o.number("gamma") }),
  "torch.optim.lr_scheduler.ConstantLR": (o, base) =>
    piecewiseConstant({
      boundaries: [o.number("total_iters", 5)],
      values: [base * o.number("factor", 1 / 3), base],
    }),
  "torch.optim.lr_scheduler.LinearLR": (o, base) =>
    linear({
      start: base * o.number("start_factor", 1 / 3),
      end: base * o.number("end_factor", 1),
      steps: o.number("total_iters", 5),
    }),
  "torch.optim.lr_scheduler.PolynomialLR": (o, start) =>
    polynomial({ start, steps: o.number("total_iters", 5), power: o.number("power", 1) }),
  "torch.optim.lr_scheduler.CosineAnnealingLR": (o, start) =>
    cosineDecay({ start, end: o.number("eta_min", 0), steps: o.number("T_max"), periodic: true }),
  "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts": (o, start) =>
    cosineRestarts({
      start,
      end: o.number("eta_min", 0),
      steps: o.number("T_0"),
      stretch: o.number("T_mult", 1),
    }),
  "torch.optim.lr_scheduler.SequentialLR": (o, base) =>
    join({
      schedules: o.specs("schedulers").map((spec) => build(torch, spec, base)),
      boundaries: o.numbers("milestones"),
    }),
  // Each part is a factor of the rate.
  "torch.optim.lr_scheduler.ChainedScheduler": (o, base) =>
    product({
      schedules: [
        constant({ value: base }),
        ...o.specs("schedulers").map((spec) => build(torch, spec, 1)),
      ],
    }),
  "torch.optim.swa_utils.SWALR": (o, start) => {
    const end = o.number("swa_lr");
    const steps = o.number("anneal_epochs", 10);
    return interpolation(o.text("anneal_strategy", "cos")) === "cosine"
      ? cosineDecay({ start, end, steps })
      : linear({ start, end, steps });
  },
};

/** The rate, and the momentum if the scheduler moves it. */
type Moved = readonly [rate: Schedule, momentum: Schedule | null];

function cyclicLR(o: Reader): Moved {
  const modes: Record<string, "triangular" | "triangular2" | "expRange"> = {
    triangular: "triangular",
    triangular2: "triangular2",
    exp_range: "expRange",
  };
  const steps = o.number("step_size_up", 2000);
  const common = {
    steps,
    stepsDown: o.number("step_size_down", steps),
    mode: modes[o.text("mode", "triangular")],
    decayRate: o.number("gamma", 1),
  };
  const [low, high] = [o.number("base_momentum", 0.8), o.number("max_momentum", 0.9)];
  const moves = o.flag("cycle_momentum", true);
  return [
    cyclic({ low: o.number("base_lr"), high: o.number("max_lr"), ...common }),
    moves ? cyclic({ low: high, high: low, ...common }) : null,
  ];
}

function oneCycleLR(o: Reader): Moved {
  const common = {
    steps: o.has("total_steps")
      ? o.number("total_steps")
      : o.number("epochs") * o.number("steps_per_epoch"),
    rise: o.number("pct_start", 0.3),
    interpolation: interpolation(o.text("anneal_strategy", "cos")),
    threePhases: o.flag("three_phase", false),
  };
  const peak = o.number("max_lr");
  const start = peak / o.number("div_factor", 25);
  const [low, high] = [o.number("base_momentum", 0.85), o.number("max_momentum", 0.95)];
  const moves = o.flag("cycle_momentum", true);
  return [
    oneCycle({ peak, start, end: start / o.number("final_div_factor", 1e4), ...common }),
    moves ? oneCycle({ peak: low, start: high, end: high, ...common }) : null,
  ];
}

const keras: Readonly<Record<string, (read: Reader) => Schedule>> = {
  "keras.optimizers.schedules.ExponentialDecay": (o) =>
    exponentialDecay({
      start: o.number("initial_learning_rate"),
      decayRate: o.number("decay_rate"),
      steps: o.number("decay_steps"),
      staircase: o.flag("staircase", false),
    }),
  // Keras keeps the old value at the boundary.
  "keras.optimizers.schedules.PiecewiseConstantDecay": (o) =>
    piecewiseConstant({
      boundaries: o.numbers("boundaries").map((boundary) => Math.floor(boundary) + 1),
      values: o.numbers("values"),
    }),
  "keras.optimizers.schedules.PolynomialDecay": (o) =>
    polynomial({
      start: o.number("initial_learning_rate"),
      end: o.number("end_learning_rate", 1e-4),
      steps: o.number("decay_steps"),
      power: o.number("power", 1),
      cycle: o.flag("cycle", false),
    }),
  "keras.optimizers.schedules.InverseTimeDecay": (o) =>
    inverseTimeDecay({
      start: o.number("initial_learning_rate"),
      decayRate: o.number("decay_rate"),
      steps: o.number("decay_steps"),
      staircase: o.flag("staircase", false),
    }),
  "keras.optimizers.schedules.CosineDecay": (o) => {
    const first = o.number("initial_learning_rate");
    const steps = o.number("decay_steps");
    const alpha = o.number("alpha", 0);
    const wait = o.number("warmup_steps", 0);
    if (!o.has("warmup_target"))
      return wait === 0
        ? cosineDecay({ start: first, end: alpha * first, steps })
        : notCovered("warm-up steps without a target");
    const target = o.number("warmup_target");
    return warmup({
      start: first,
      steps: wait,
      schedule: cosineDecay({ start: target, end: alpha * target, steps }),
    });
  },
  "keras.optimizers.schedules.CosineDecayRestarts": (o) => {
    const start = o.number("initial_learning_rate");
    return cosineRestarts({
      start,
      end: o.number("alpha", 0) * start,
      steps: o.number("first_decay_steps"),
      stretch: o.number("t_mul", 2),
      shrink: o.number("m_mul", 1),
    });
  },
};

/** optax' scales are multiplied up; ours are values. */
function levels(
  init: number,
  scales: Readonly<Record<string, number>>,
): { readonly boundaries: number[]; readonly values: number[] } {
  const boundaries = Object.keys(scales)
    .map(Number)
    .sort((a, b) => a - b);
  const values = [init];
  for (const boundary of boundaries)
    values.push(values[values.length - 1] * scales[String(boundary)]);
  return { boundaries, values };
}

const optax: Readonly<Record<string, (read: Reader) => Schedule>> = {
  "optax.constant_schedule": (o) => constant({ value: o.number("value") }),
  "optax.linear_schedule": (o) =>
    linear({
      start: o.number("init_value"),
      end: o.number("end_value"),
      steps: o.number("transition_steps"),
      delay: o.number("transition_begin", 0),
    }),
  "optax.polynomial_schedule": (o) =>
    polynomial({
      start: o.number("init_value"),
      end: o.number("end_value"),
      power: o.number("power"),
      steps: o.number("transition_steps"),
      delay: o.number("transition_begin", 0),
    }),
  "optax.exponential_decay": (o) =>
    exponentialDecay({
      start: o.number("init_value"),
      decayRate: o.number("decay_rate"),
      steps: o.number("transition_steps"),
      delay: o.number("transition_begin", 0),
      staircase: o.flag("staircase", false),
      ...(o.has("end_value") ? { end: o.number("end_value") } : {}),
    }),
  "optax.piecewise_constant_schedule": (o) =>
    piecewiseConstant(levels(o.number("init_value"), o.scales("boundaries_and_scales"))),
  "optax.piecewise_interpolate_schedule": (o) => {
    const { boundaries, values } = levels(
      o.number("init_value"),
      o.scales("boundaries_and_scales"),
    );
    return piecewiseInterpolate({
      boundaries: [0, ...boundaries],
      values,
      interpolation: interpolation(o.text("interpolate_type")),
    });
  },
  "optax.cosine_decay_schedule": (o) => {
    const start = o.number("init_value");
    return cosineDecay({
      start,
      end: o.number("alpha", 0) * start,
      steps: o.number("decay_steps"),
      exponent: o.number("exponent", 1),
    });
  },
  "optax.warmup_constant_schedule": (o) =>
    warmup({
      start: o.number("init_value"),
      steps: o.number("warmup_steps"),
      schedule: constant({ value: o.number("peak_value") }),
    }),
  "optax.warmup_cosine_decay_schedule": (o) =>
    warmupCosine({
      start: o.number("init_value"),
      peak: o.number("peak_value"),
      warmup: o.number("warmup_steps"),
      steps: o.number("decay_steps"),
      end: o.number("end_value", 0),
      exponent: o.number("exponent", 1),
    }),
  "optax.warmup_exponential_decay_schedule": (o) =>
    warmup({
      start: o.number("init_value"),
      steps: o.number("warmup_steps"),
      schedule: exponentialDecay({
        start: o.number("peak_value"),
        decayRate: o.number("decay_rate"),
        steps: o.number("transition_steps"),
        delay: o.number("transition_begin", 0),
        staircase: o.flag("staircase", false),
        ...(o.has("end_value") ? { end: o.number("end_value") } : {}),
      }),
    }),
  "optax.cosine_onecycle_schedule": (o) => {
    const peak = o.number("peak_value");
    const steps = o.number("transition_steps");
    const start = peak / o.number("div_factor", 25);
    const rise = Math.floor(o.number("pct_start", 0.3) * steps);
    return piecewiseInterpolate({
      boundaries: [0, rise, steps],
      values: [start, peak, start / o.number("final_div_factor", 1e4)],
      interpolation: "cosine",
    });
  },
  "optax.linear_onecycle_schedule": (o) => {
    const peak = o.number("peak_value");
    const steps = o.number("transition_steps");
    const start = peak / o.number("div_factor", 25);
    const rise = Math.floor(o.number("pct_start", 0.3) * steps);
    const fall = Math.floor(o.number("pct_final", 0.85) * steps);
    return piecewiseInterpolate({
      boundaries: [0, rise, fall, steps],
      values: [start, peak, start, start / o.number("final_div_factor", 1e4)],
    });
  },
  "optax.sgdr_schedule": (o) => {
    const rounds = o
      .records("cosine_kwargs")
      .map((options) => ({ name: "optax.warmup_cosine_decay_schedule", options }));
    const boundaries: number[] = [];
    for (const { options } of rounds.slice(0, -1))
      boundaries.push((boundaries.at(-1) ?? 0) + Number(options.decay_steps));
    return join({ schedules: rounds.map((spec) => build(optax, spec)), boundaries });
  },
  "optax.join_schedules": (o) =>
    join({
      schedules: o.specs("schedules").map((spec) => build(optax, spec)),
      boundaries: o.numbers("boundaries"),
    }),
};

/** Our values at the row's steps, and those of the schedule that is read back from JSON. */
function compare(
  row: ScheduleRow,
  schedule: Schedule,
  expected: readonly number[] = row.values,
): void {
  const values = expected.map((_, step) => schedule(step));
  expectClose(values, expected, toleranceOf(row), row.id);
  const again = scheduleFromJSON(JSON.parse(JSON.stringify(schedule)));
  expect(expected.map((_, step) => again(step))).toEqual(values);
}

function moved(make: (read: Reader) => Moved): (row: ScheduleRow) => void {
  return (row) => {
    const read = reader(row);
    const [rate, momentum] = make(read);
    read.done();
    compare(row, rate);
    if (momentum && row.momenta) compare(row, momentum, row.momenta);
  };
}

function runners(
  lib: string,
  names: readonly string[],
  make: (row: ScheduleRow) => Schedule,
): Record<string, (row: ScheduleRow) => void> {
  return Object.fromEntries(
    names.map((name) => [`${lib}/${name}`, (row: ScheduleRow) => compare(row, make(row))]),
  );
}

goldenSuite("schedules", golden<ScheduleRow>("schedules"), {
  ...runners("torch", Object.keys(torch), (row) =>
    build(torch, row, row.base_lr ?? notCovered("no base_lr")),
  ),
  ...runners("keras", Object.keys(keras), (row) => build(keras, row)),
  ...runners("optax", Object.keys(optax), (row) => build(optax, row)),
  "torch/torch.optim.lr_scheduler.CyclicLR": moved(cyclicLR),
  "torch/torch.optim.lr_scheduler.OneCycleLR": moved(oneCycleLR),
  "torch/torch.optim.lr_scheduler.ReduceLROnPlateau": plateau,
  "keras/keras.callbacks.ReduceLROnPlateau": plateau,
  "optax/optax.contrib.reduce_on_plateau": plateau,
});
