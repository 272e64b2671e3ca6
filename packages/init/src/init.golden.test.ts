/// <reference types="node" />
import type { Init, Shape } from "@tenon/contracts";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { random } from "@tenon/random";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";
import * as modules from "./index.js";
import { cutStd } from "./internal/cutNormal.js";
import { problems, sample } from "./internal/sample.testing.js";

const {
  constant,
  dirac,
  fanInUniform,
  fans,
  gain,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  initFromJSON,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  orthogonal,
  sparse,
  truncatedNormal,
  uniform,
  varianceScaling,
  zeros,
} = modules;

interface Row extends GoldenRow {
  readonly shape: Shape;
  readonly distribution?: string;
  readonly low?: number;
  readonly high?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly parent_mean?: number;
  readonly parent_std?: number;
}

/** A library's options, one by one; `done` returns those that were not read. */
interface Reader {
  number(option: string, fallback?: number): number;
  text(option: string, fallback?: string): string;
}

/** Makes our Init of a row, and refuses rows with options that were not read. */
function initOf(row: Row, make: (read: Reader) => Init): Init {
  const optionsRead = new Set<string>();
  function value(option: string, fallback: unknown): unknown {
    optionsRead.add(option);
    return row.options[option] ?? fallback;
  }
  const init = make({
    number(option, fallback) {
      const x = value(option, fallback);
      return typeof x === "number" ? x : notCovered(`${option} is ${JSON.stringify(x)}`);
    },
    text(option, fallback) {
      const x = value(option, fallback);
      return typeof x === "string" ? x : notCovered(`${option} is ${JSON.stringify(x)}`);
    },
  });
  for (const option of Object.keys(row.options))
    if (!optionsRead.has(option)) notCovered(`option ${option}`);
  return init;
}

const keras: Readonly<Record<string, (o: Reader) => Init>> = {
  GlorotUniform: () => glorotUniform(),
  GlorotNormal: () => glorotNormal(),
  HeUniform: () => heUniform(),
  HeNormal: () => heNormal(),
  LecunUniform: () => lecunUniform(),
  LecunNormal: () => lecunNormal(),
  RandomUniform: (o) => uniform({ low: o.number("minval", -0.05), high: o.number("maxval", 0.05) }),
  RandomNormal: (o) => normal({ mean: o.number("mean", 0), std: o.number("stddev", 0.05) }),
  TruncatedNormal: (o) =>
    truncatedNormal({
      mean: o.number("mean", 0),
      std: o.number("stddev", 0.05),
      cut: "plain",
    }),
  VarianceScaling: (o) => {
    const mode = { fan_in: "fanIn", fan_out: "fanOut", fan_avg: "fanAvg" }[
      o.text("mode", "fan_in")
    ];
    const distribution = {
      uniform: "uniform",
      truncated_normal: "truncatedNormal",
      untruncated_normal: "normal",
    }[o.text("distribution", "truncated_normal")];
    if (!mode || !distribution) return notCovered("an unknown mode or distribution");
    return varianceScaling({
      scale: o.number("scale", 1),
      mode: mode as "fanIn" | "fanOut" | "fanAvg",
      distribution: distribution as "uniform" | "normal" | "truncatedNormal",
    });
  },
};

/** PyTorch's names of activations are ours but for these. */
function gainOf(nonlinearity: string, slope: number): number {
  const name =
    nonlinearity === "leaky_relu" ? "leakyRelu" : nonlinearity.replace(/^conv.*/, "conv");
  return (["linear", "conv", "sigmoid", "tanh", "relu", "selu", "leakyRelu"] as const).some(
    (gainName) => gainName === name,
  )
    ? gain(name as "relu", slope)
    : notCovered(`no gain for ${nonlinearity}`);
}

const kaiming = (o: Reader): { gain: number; mode: "fanIn" | "fanOut" } => {
  const mode = o.text("mode", "fan_in");
  if (mode !== "fan_in" && mode !== "fan_out") return notCovered(`mode ${mode}`);
  return {
    gain: gainOf(o.text("nonlinearity", "leaky_relu"), o.number("a", 0)),
    mode: mode === "fan_in" ? "fanIn" : "fanOut",
  };
};

const torch: Readonly<Record<string, (o: Reader) => Init>> = {
  uniform_: (o) => uniform({ low: o.number("a", 0), high: o.number("b", 1) }),
  normal_: (o) => normal({ mean: o.number("mean", 0), std: o.number("std", 1) }),
  xavier_uniform_: (o) => glorotUniform({ gain: o.number("gain", 1) }),
  xavier_normal_: (o) => glorotNormal({ gain: o.number("gain", 1), truncated: false }),
  kaiming_uniform_: (o) => heUniform(kaiming(o)),
  kaiming_normal_: (o) => heNormal({ ...kaiming(o), truncated: false }),
  trunc_normal_: (o) =>
    truncatedNormal({
      mean: o.number("mean", 0),
      std: o.number("std", 1),
      low: o.number("a", -2),
      high: o.number("b", 2),
      cut: "absolute",
    }),
};

/** Φ(1), where a normal variable is one standard deviation above the mean. */
const oneAbove = 0.8413447460685429;

/**
 * One value of an Init, given that of the random source. The values of an Init are float32, so 2⁻²⁴
 * of the largest may be lost.
 */
function probe(init: Init, shape: Shape, u: number): number {
  let first = true;
  // The first value is `u`; the others have no effect.
  return init(shape, () => {
    if (!first) return 0.5;
    first = false;
    return u;
  })[0];
}

/**
 * The distribution in closed form where one value of the random source shows it, and always by a
 * sample's moments and bounds.
 */
function isDistributed(row: Row, init: Init): void {
  const {
    shape,
    distribution,
    low = NaN,
    high = NaN,
    mean = NaN,
    std = NaN,
    parent_mean = NaN,
    parent_std = NaN,
  } = row;
  const rounding = (...sizes: number[]): number => 2 ** -23 * Math.max(...sizes.map(Math.abs));
  const close = (label: string, actual: number, expected: number, allowed: number): void =>
    expect(Math.abs(actual - expected), `${label}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      allowed,
    );
  if (distribution === "uniform") {
    close("low", probe(init, shape, 0), low, rounding(low, high));
    close("high", probe(init, shape, 1 - 2 ** -53), high, rounding(low, high));
  } else if (distribution === "normal") {
    close("mean", probe(init, shape, 0.5), mean, rounding(mean));
    close("std", probe(init, shape, oneAbove) - mean, std, rounding(mean, mean + std));
  } else if (distribution === "truncated_normal") {
    const [from, to] = [(low - parent_mean) / parent_std, (high - parent_mean) / parent_std];
    if (from <= -1.5 && to >= 1.5) {
      close("mean", probe(init, shape, 0.5), parent_mean, rounding(parent_mean));
      close(
        "parent standard deviation",
        Math.abs(probe(init, shape, oneAbove) - parent_mean),
        parent_std,
        rounding(parent_mean, parent_mean + parent_std),
      );
    }
    expectClose(
      [parent_std * cutStd(from, to)],
      [std],
      toleranceOf(row),
      "standard deviation after the cut",
    );
  } else {
    notCovered(`distribution ${distribution}`);
  }
  expect(
    problems(sample(init, shape), {
      mean,
      std: std,
      low: row.low ?? -Infinity,
      high: row.high ?? Infinity,
    }),
  ).toEqual([]);
}

/** Also after a round through JSON. */
function follows(row: Row, init: Init): void {
  isDistributed(row, init);
  const again = initFromJSON(JSON.parse(JSON.stringify(init)));
  expect(again([2, 3], random(1))).toEqual(init([2, 3], random(1)));
}

function exactly(row: Row, init: Init): void {
  const value = row.value as GoldenArray;
  expectClose(
    init(value.shape, () => expect.fail("draws nothing")),
    value.data,
    2 ** -24,
    row.id,
  );
}

/**
 * The shorter side's Gram matrix is a multiple of the identity. The row's matrix may be on its
 * side (PyTorch's layout).
 */
function isOrthogonal(row: Row): void {
  const w = initOf(row, (o) => orthogonal({ gain: o.number("gain", 1) }))(row.shape, random(1));
  const columns = row.shape[row.shape.length - 1];
  const rows = w.length / columns;
  expect([...(row.matrix_shape as number[])].sort()).toEqual([rows, columns].sort());
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const entry = (k: number, i: number): number =>
    rows >= columns ? w[i * columns + k] : w[k * columns + i];
  const found: number[] = [];
  const expected: number[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += entry(a, i) * entry(b, i);
      found.push(dot);
      expected.push(a === b ? (row.gram as number) : 0);
    }
  }
  // float32's rounding
  expectClose(found, expected, 2e-7 * Math.max(1, row.gram as number), row.id);
}

function isSparse(row: Row): void {
  const [rows, columns] = row.shape;
  const w = initOf(row, (o) =>
    sparse({ sparsity: o.number("sparsity"), std: o.number("std", 0.01) }),
  )(row.shape, random(1));
  for (let i = 0; i < rows; i++) {
    expect(w.subarray(i * columns, (i + 1) * columns).filter((x) => x === 0)).toHaveLength(
      row.zeros_per_input as number,
    );
  }
  const rest: Init = (_, rng) =>
    initOf(row, (o) => sparse({ sparsity: o.number("sparsity"), std: o.number("std", 0.01) }))(
      row.shape,
      rng,
    ).filter((x) => x !== 0);
  expect(problems(sample(rest, row.shape), { mean: row.mean ?? NaN, std: row.std ?? NaN })).toEqual(
    [],
  );
}

function counted(row: Row): void {
  const { fanIn, fanOut } = fans(row.shape);
  expect([fanIn, fanOut]).toEqual([row.fan_in, row.fan_out]);
}

/** PyTorch's layers draw both from U(±1/√fan_in), a bias by the fan_in of the kernel beside it. */
function torchDefault(row: Row): void {
  const kernel = rows.find(({ name, parameter }) => name === row.name && parameter === "kernel");
  const init = fanInUniform();
  if (row.parameter === "bias") isDistributed(row, init.forKernel!(kernel!.shape));
  else follows(row, init);
}

function runners(
  lib: string,
  prefix: string,
  table: Readonly<Record<string, (o: Reader) => Init>>,
): Record<string, (row: Row) => void> {
  return Object.fromEntries(
    Object.entries(table).map(([name, make]) => [
      `${lib}/${prefix}${name}`,
      (row: Row) => follows(row, initOf(row, make)),
    ]),
  );
}

// Which init a layer starts with: initialValues.golden.test.ts of the package layers.
const rows = golden<Row>("init").filter((row) => !("initializer" in row));
goldenSuite("init", rows, {
  "keras/compute_fans": counted,
  "torch/torch.nn.init._calculate_fan_in_and_fan_out": counted,
  ...runners("keras", "keras.initializers.", keras),
  ...runners("torch", "torch.nn.init.", torch),
  "torch/torch.nn.init.calculate_gain": (row) => {
    const { nonlinearity, param = 0.01, ...rest } = row.options;
    if (
      typeof nonlinearity !== "string" ||
      typeof param !== "number" ||
      Object.keys(rest).length > 0
    )
      return notCovered(`gain of ${JSON.stringify(row.options)}`);
    expectClose([gainOf(nonlinearity, param)], [row.value as number], toleranceOf(row), row.id);
  },
  "keras/keras.initializers.Orthogonal": isOrthogonal,
  "torch/torch.nn.init.orthogonal_": isOrthogonal,
  "keras/keras.initializers.Zeros": (row) =>
    exactly(
      row,
      initOf(row, () => zeros()),
    ),
  "keras/keras.initializers.Ones": (row) =>
    exactly(
      row,
      initOf(row, () => ones()),
    ),
  "keras/keras.initializers.Constant": (row) =>
    exactly(
      row,
      initOf(row, (o) => constant({ value: o.number("value", 0) })),
    ),
  "keras/keras.initializers.Identity": (row) =>
    exactly(
      row,
      initOf(row, (o) => identity({ gain: o.number("gain", 1) })),
    ),
  "torch/torch.nn.init.eye_": (row) =>
    exactly(
      row,
      initOf(row, () => identity()),
    ),
  "torch/torch.nn.init.constant_": (row) =>
    exactly(
      row,
      initOf(row, (o) => constant({ value: o.number("val") })),
    ),
  "torch/torch.nn.init.dirac_": (row) =>
    exactly(
      row,
      initOf(row, (o) => dirac({ groups: o.number("groups", 1) })),
    ),
  "torch/torch.nn.init.sparse_": isSparse,
  "torch/torch.nn.Linear": torchDefault,
  "torch/torch.nn.Conv2d": torchDefault,
  "torch/torch.nn.Embedding": (row) => follows(row, normal({ mean: 0, std: 1 })),
  "torch/torch.nn.PReLU": (row) =>
    expect([...constant({ value: 0.25 })(row.shape, Math.random)]).toEqual([row.value]),
});
