import type { Schedule, Transform } from "@tenon/contracts";
import { optionsOf, plainClock, type Plain } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as o from "./index.js";
import { eager } from "./internal/testing/eager.js";

// Any hyper-parameter may be a function of the step: the same as the number while it is constant,
// and at each step the value of that step.

type Maker = (...args: readonly unknown[]) => Transform;
const makers = o as unknown as Readonly<Record<string, Maker>>;

/**
 * Two values of each hyper-parameter, by the option's name, or by the function's and the option's.
 */
const values: Readonly<Record<string, readonly [number, number]>> = {
  ahead: [0.5, 0.6],
  alpha: [0.7, 0.8],
  beta: [0.5, 0.7],
  beta1: [0.8, 0.6],
  beta2: [0.9, 0.7],
  beta3: [0.95, 0.8],
  clip: [0.5, 0.4],
  coefficient: [0.5, 0.01],
  dampening: [0.3, 0.2],
  decay: [0.7, 0.8],
  eps: [0.01, 0.1],
  epsRoot: [0.01, 0.1],
  floor: [0.5, 0.6],
  grow: [1.3, 1.5],
  growth: [1.1, 1e6],
  l1: [0.01, 0.5],
  l2: [0.1, 0.2],
  lambda: [0.1, 0.2],
  learningRate: [0.1, 0.05],
  max: [0.011, 0.012],
  min: [0.02, 0.03],
  minNorm: [0.5, 1.5],
  momentum: [0.6, 0.5],
  momentumDecay: [0.1, 1],
  radius: [0.1, 0.2],
  scale: [2, 3],
  shrink: [0.4, 0.6],
  shrinkage: [0.1, 0.2],
  slowStep: [0.4, 0.6],
  weight: [1, 3],
  weightDecay: [0.1, 0.2],
  "adaptiveClip eps": [4, 9],
  "cocob alpha": [50, 100],
  "lion beta1": [0.9, 0.1],
  "normalizedGradient eps": [1, 4],
  "scaleByParameterNorm min": [5, 6],
};
/** Options that are flags, functions, numbers of steps, exponents, or first values. */
const others =
  "adaptLowerBound amsgrad axes betas biasCorrection centered coefficients debias epsHat " +
  "epsOutside every factor factored form keep lowerBound matrices mean memory most nesterov norm " +
  "only order others power rateInside relativeStep reset rms scaled start steps threshold warmup";
/** The same of one optimizer: the first size of a step. */
const ofOne = ["rprop learningRate"];
/** A flag of that one. */
const flags = ["scaleByAdopt clip", "adopt clip"];

const required: Readonly<Record<string, readonly unknown[]>> = {
  accumulate: [o.sgd(), 2],
  decayFirst: [o.adam(), 0.1],
  lookahead: [o.sgd({ learningRate: 0.1 })],
  mechanize: [o.sgd({ learningRate: 1e5 })],
  sam: [o.sgd()],
  scheduleFree: [o.sgd()],
  skipNonFinite: [o.sgd()],
  addDecayedWeights: [0.1],
  adaptiveClip: [0.1],
  averageUpdates: [0.9],
  clipByGlobalNorm: [1],
  clipByNorm: [1],
};

type Case = readonly [
  title: string,
  values: readonly [number, number],
  make: (value: Schedule | number) => Transform,
];
async function casesOf([name, make]: readonly [string, Maker]): Promise<readonly Case[]> {
  const args = required[name] ?? [];
  const names = await optionsOf((options) => make(...args, options));
  if (name === "addNoise") return []; // for hosts with a seed
  return names.flatMap((option): readonly Case[] => {
    const title = `${name} ${option}`;
    if (ofOne.includes(title) || flags.includes(title)) return [];
    const pair = values[title] ?? values[option];
    if (!pair) {
      if (!others.split(" ").includes(option)) throw new Error(`${title}: no values of it`);
      return [];
    }
    return [[title, pair, (value) => make(...args, { [option]: value })]];
  });
}
const named = (await Promise.all(Object.entries(makers).map(casesOf))).flat();
const positional: readonly Case[] = [
  ["scale", [0.5, 0.4], o.scale],
  ["clipByRms", [0.1, 0.2], o.clipByRms],
  ["clipByValue", [0.1, 0.2], o.clipByValue],
  ["clipByNorm", [0.1, 0.2], o.clipByNorm],
  ["clipByNorm, as PyTorch", [0.1, 0.2], (norm) => o.clipByNorm(norm, { form: "torch" })],
  ["clipByGlobalNorm", [0.1, 0.2], o.clipByGlobalNorm],
  [
    "clipByGlobalNorm, the tutorial's",
    [0.1, 9],
    (norm) => o.clipByGlobalNorm(norm, { form: "tutorial" }),
  ],
  ["adaptiveClip", [0.1, 0.2], o.adaptiveClip],
  ["averageUpdates", [0.9, 0.8], o.averageUpdates],
  ["addDecayedWeights", [0.1, 0.2], o.addDecayedWeights],
  ["decayFirst", [0.1, 0.2], (decay) => o.decayFirst(o.sgd(), decay)],
  ["scaleByLearningRate", [0.1, 0.2], o.scaleByLearningRate],
  ["adam, nesterov, beta1", [0.8, 0.6], (beta1) => o.adam({ nesterov: true, beta1 })],
  ["adam, amsgrad, beta2", [0.8, 0.6], (beta2) => o.adam({ amsgrad: "corrected", beta2 })],
  ["adam, epsHat, beta2", [0.8, 0.6], (beta2) => o.adam({ epsHat: true, beta2 })],
  [
    "rmsprop, centered, decay",
    [0.8, 0.6],
    (decay) => o.rmsprop({ centered: true, biasCorrection: true, eps: 0.1, decay }),
  ],
  ["averageUpdates, nesterov", [0.9, 0.8], (beta) => o.averageUpdates(beta, { nesterov: true })],
  [
    "normalizedGradient, epsOutside",
    [1, 2],
    (eps) => o.normalizedGradient({ epsOutside: true, eps }),
  ],
];

const matrix = { w: { shape: [2, 3], data: [1, -2, 3, 0.5, 0.25, -1] } };

/**
 * The matrix after each of some steps, along gradients that change their signs and become smaller.
 */
function path(transform: Transform): number[][] {
  const run = eager(transform, matrix);
  return Array.from({ length: 12 }, (_, step) => {
    const data = [...run.params["w"]!.data].map(
      (w, i) => (0.1 * w + Math.sin(step * (i + 1))) / (1 + step / 2),
    );
    run.step({ w: { shape: [2, 3], data } });
    return [...run.params["w"]!.data];
  });
}

/** The largest difference between elements; NaN where an element is NaN. */
const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test.each([...named, ...positional])("%s may be a schedule", (title, [first, second], make) => {
  const fixed = path(make(first));
  path(make(() => first)).forEach((row, step) =>
    expect(distance(row, fixed[step]!), `step ${step}`).toBeLessThan(1e-9),
  );
  const moving = path(make((step) => (step === 0 ? first : second)));
  expect(distance(moving[0]!, fixed[0]!)).toBeLessThan(1e-9);
  expect(distance(moving[11]!, fixed[11]!), title).toBeGreaterThan(1e-9);
});

test("a schedule that follows a value is found in what is computed from it", () => {
  const followed: Schedule = Object.assign(() => 0.9, { observe: () => 0 });
  const found = new Set<string>();
  for (const [title, , make] of [...named, ...positional]) {
    const read = (schedule: Schedule): Schedule => {
      if (schedule === followed) found.add(title);
      return schedule.from?.(read) ?? schedule;
    };
    const transform = make(followed);
    const { params, slots } = eager(transform, matrix);
    const clock = plainClock(0);
    transform.update<Plain>(
      { updates: params, params, slots },
      { ...clock, value: (rate) => clock.value(typeof rate === "number" ? rate : read(rate)) },
    );
  }
  expect(
    [...named, ...positional].map(([title]) => title).filter((title) => !found.has(title)),
  ).toEqual([]);
});
