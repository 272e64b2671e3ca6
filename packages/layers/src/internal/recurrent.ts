import type { Init, ParamSpec, Pass, Shape } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { glorotUniform, orthogonal, zeros as zerosInit } from "@tenon/init";
import { flip, scan, slice, type Tensor, uniform, where, zeros } from "@tenon/tensor";
import type { Activation } from "../activation.js";
import type { JoiningLayer } from "../joiningLayer.js";
import {
  checkBetween,
  checkCount,
  checkFinite,
  checkFlags,
  checkInits,
  guarded,
  param,
  sameShape,
  show,
} from "./check.js";
import { describe } from "./describe.js";

/** The options that all recurrent layers have. */
export interface RecurrentOptions {
  /**
   * Whether the output is that of all steps, [steps, units], not of the last one, [units].
   * @defaultValue false
   */
  readonly returnSequences?: boolean;
  /**
   * Whether the last step comes first; outputs are in the order of the work. @defaultValue false
   */
  readonly goBackwards?: boolean;
  /**
   * A step whose features all have this value is skipped: the state stays, and the output is
   * repeated. For sequences that are padded to one length (Keras: a `Masking` layer before).
   * @defaultValue no step is skipped
   */
  readonly maskValue?: number;
  /**
   * The fraction of features that are dropped while training, the same in all steps of an example
   * (Gal & Ghahramani, 2016, arXiv:1512.05287). @defaultValue 0
   */
  readonly dropout?: number;
  /** The same of the state where it is multiplied by weights. @defaultValue 0 */
  readonly recurrentDropout?: number;
  /** @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the input's weights. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
  /** Initial values of the state's weights. @defaultValue orthogonal() */
  readonly recurrentInit?: Init;
  /** Initial values of the biases. @defaultValue zeros() */
  readonly biasInit?: Init;
}

/** Their names, for `known`. */
export const recurrentNames =
  "returnSequences goBackwards maskValue dropout recurrentDropout useBias kernelInit recurrentInit biasInit";

/** What distinguishes recurrent layers. */
export interface Cell {
  /** Columns of the weights for each unit. */
  readonly gates: number;
  /** Arrays of the state; the first one is the output. @defaultValue one */
  readonly states?: number;
  /**
   * Whether the product of state and weights has a bias of its own: `"outside"` is added to the
   * other one, `"inside"` is passed to the step.
   */
  readonly recurrentBias: "none" | "outside" | "inside";
  /** Changes the initial values of the bias. */
  readonly startOfBias?: (values: Float32Array) => Float32Array;
  /**
   * The new state, from x W + b, the state, and the state as it is to be multiplied by the weights,
   * of which some may be dropped.
   */
  step(x: Tensor, state: readonly Tensor[], hidden: Tensor, weights: Weights): readonly Tensor[];
}

/** The weights of the state [units, gates · units]. */
export interface Weights {
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/**
 * A layer that repeats a step along a sequence [steps, features]. The products of all inputs with
 * their weights are one product before the first step. It takes initial states [units], too, as
 * further inputs.
 */
export function recurrent(
  type: string,
  units: number,
  cell: Cell,
  options: RecurrentOptions,
): JoiningLayer {
  const whole = { ...cell, ...withDefaults(options), type, units };
  const { gates, states = 1, recurrentBias, useBias, returnSequences } = whole;
  check(whole);
  const planAll = ([input, ...initial]: readonly Shape[]): ReturnType<JoiningLayer["plan"]> => {
    if (input?.length !== 2)
      throw badArgument(type, "a sequence [steps, features]", show(input ?? []));
    if (initial.length > states || initial.some((shape) => !sameShape(shape, [units])))
      throw badArgument(
        type,
        `at most ${states} initial states [${units}]`,
        initial.map(show).join(", "),
      );
    const [steps, features] = input as [number, number];
    const columns = gates * units;
    const own: ParamSpec = { shape: [columns], init: whole.biasInit };
    const init: Init = (shape, rng) => whole.startOfBias!(own.init(shape, rng));
    const bias = whole.startOfBias ? { shape: own.shape, init } : own;
    return {
      output: returnSequences ? [steps, units] : [units],
      params: {
        kernel: { shape: [features, columns], init: whole.kernelInit },
        recurrentKernel: { shape: [units, columns], init: whole.recurrentInit },
        ...(useBias && { bias }),
        ...(recurrentBias !== "none" && { recurrentBias: own }),
      },
      stats: {},
    };
  };
  const layer = guarded({
    type,
    plan: (input) => planAll([input]),
    forward: (x, pass) => run(whole, [x], pass),
    toJSON: () => describe(type, units, options),
  });
  return { ...layer, planAll, forwardAll: (inputs, pass) => run(whole, inputs, pass) };
}

function withDefaults(options: RecurrentOptions) {
  const {
    returnSequences = false,
    goBackwards = false,
    maskValue,
    dropout = 0,
    recurrentDropout = 0,
    useBias = true,
    kernelInit = glorotUniform(),
    recurrentInit = orthogonal(),
    biasInit = zerosInit(),
  } = options;
  const flags = { returnSequences, goBackwards, useBias };
  return { ...flags, maskValue, dropout, recurrentDropout, kernelInit, recurrentInit, biasInit };
}

interface Whole extends Cell, ReturnType<typeof withDefaults> {
  readonly type: string;
  readonly units: number;
}

function check(cell: Whole): void {
  const { type, units, maskValue, dropout: rate, recurrentDropout } = cell;
  const { returnSequences, goBackwards, useBias, kernelInit, recurrentInit, biasInit } = cell;
  checkCount(type, "units", units);
  checkFlags(type, { returnSequences, goBackwards, useBias });
  checkInits(type, { kernelInit, recurrentInit, biasInit });
  checkBetween(type, "dropout", rate, 0, 1);
  checkBetween(type, "recurrentDropout", recurrentDropout, 0, 1);
  if (maskValue !== undefined) checkFinite(type, "maskValue", maskValue);
}

function run(cell: Whole, inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor {
  const { type, units, gates, states = 1, maskValue, recurrentBias, goBackwards: reverse } = cell;
  const [x, ...initial] = inputs as [Tensor, ...Tensor[]];
  const [batch, steps, features] = x.shape as [number, number, number];
  /** 0 for what is dropped, so that the mean stays as in `dropout`. */
  const factors = (rate: number, shape: Shape): Tensor | undefined =>
    rate > 0 && pass.training
      ? where(pass.draw(shape, uniform).greaterEqual(rate), 1 / (1 - rate), 0)
      : undefined;
  const times = (y: Tensor, by: Tensor | undefined): Tensor => (by ? y.mul(by) : y);
  const ofInput = factors(cell.dropout, [batch, 1, features]);
  const ofState = factors(cell.recurrentDropout, [batch, units]);

  const rows = times(x, ofInput)
    .transpose([1, 0, 2])
    .reshape([steps * batch, features]);
  const own = recurrentBias === "none" ? undefined : param(type, pass, "recurrentBias");
  const biases = [
    ...(cell.useBias ? [param(type, pass, "bias")] : []),
    ...(own && recurrentBias === "outside" ? [own] : []),
  ];
  const products = rows.matmul(param(type, pass, "kernel"));
  const weights: Weights = {
    kernel: param(type, pass, "recurrentKernel"),
    ...(own && recurrentBias === "inside" && { bias: own }),
  };
  const { state, outputs } = scan(
    (before: Tensors, entry: { readonly x: Tensor; readonly isValid?: Tensor }) => {
      const old = Object.values(before);
      // Added in the steps, where it needs no pass through the products of all steps.
      const projected = biases.reduce((y, b) => y.add(b), entry.x);
      const next = cell
        .step(projected, old, times(old[0]!, ofState), weights)
        .map((y, i) => (entry.isValid ? where(entry.isValid, y, old[i]!) : y));
      return { state: byIndex(next), outputs: next[0]! };
    },
    byIndex(Array.from({ length: states }, (_, i) => initial[i] ?? zeros([batch, units]))),
    {
      x: products.reshape([steps, batch, gates * units]),
      ...(maskValue !== undefined && {
        isValid: x.notEqual(maskValue).max(2, true).transpose([1, 0, 2]),
      }),
    },
    { reverse },
  );
  if (!cell.returnSequences) return state[0]!;
  return (reverse ? flip(outputs, 0) : outputs).transpose([1, 0, 2]);
}

type Tensors = Readonly<Record<string, Tensor>>;
const byIndex = (tensors: readonly Tensor[]): Tensors =>
  Object.fromEntries(tensors.map((x, i) => [i, x]));

/** Columns of a matrix [rows, gates · units] that belong to a gate, counted from 0. */
export function gate(x: Tensor, index: number, units: number, count: number = 1): Tensor {
  return slice(x, [0, index * units], [x.shape[0]!, (index + count) * units]);
}

/** Throws unless these options are activations, such as `tanh()`. */
export function checkActivations(
  name: string,
  activations: Readonly<Record<string, unknown>>,
): void {
  for (const [what, given] of Object.entries(activations))
    // A function has a method `apply`, too, of another kind.
    if (
      typeof given === "function" ||
      typeof (given as Partial<Activation> | null | undefined)?.apply !== "function"
    )
      throw badArgument(name, `${what} as an activation such as tanh()`, shown(given));
}
