import { refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Call = (...args: readonly unknown[]) => unknown;
const all = exported as unknown as Readonly<Record<string, Call>>;

/** The required arguments of each function that has some. */
const needed: Readonly<Record<string, readonly unknown[]>> = {
  accumulate: [exported.sgd(), 2],
  adaptiveClip: [0.1],
  addNoise: [(): number => 0],
  addDecayedWeights: [0.1],
  applyEvery: [2],
  applyUpdates: [{}, {}],
  averageUpdates: [0.9],
  chain: [exported.sgd()],
  clipByGlobalNorm: [1],
  clipByNorm: [1],
  clipByRms: [1],
  clipByValue: [1],
  decayFirst: [exported.sgd(), 0.1],
  freeze: [() => true],
  globalNorm: [{}],
  initSlots: [exported.sgd(), {}],
  lookahead: [exported.sgd()],
  masked: [exported.sgd(), () => true],
  mechanize: [exported.sgd()],
  minimize: [() => ({ loss: 0, gradients: { w: Float32Array.of(0) } }), { w: Float32Array.of(1) }],
  partition: [{ all: exported.sgd() }, () => "all"],
  onArrays: [exported.sgd(), { w: Float32Array.of(1) }],
  sam: [exported.sgd()],
  scale: [1],
  scaleByLearningRate: [0.1],
  scheduleFree: [exported.sgd()],
  skipNonFinite: [exported.sgd()],
};
/** Functions whose further arguments are more of the first kind. */
const variadic = ["chain"];

const refused = (name: string): Error => refusal(new RegExp(`^${name}: expected [^]*, got `));

test.each(Object.keys(all))("%s refuses unknown options with a RangeError", (name) => {
  const call = all[name]!;
  expect(() => call(...(needed[name] ?? []), { unheardOf: 1 })).toThrow(refused(name));
});

test.each(Object.keys(all))(
  "%s says in an error that it was called, and which option is meant",
  (name) => wrongOptions(name, (options) => all[name]!(...(needed[name] ?? []), options)),
);

test.each(Object.keys(needed))("%s refuses wrong arguments with a RangeError", (name) => {
  const call = all[name]!;
  needed[name]!.forEach((_, place) => {
    for (const wrong of [undefined, null, "2", NaN, true, 1n]) {
      const args = needed[name]!.map((right, i) => (i === place ? wrong : right));
      expect(() => call(...args), `${name} ${place} ${String(wrong)}`).toThrow(refused(name));
    }
  });
});

test.each(Object.keys(all).filter((name) => !variadic.includes(name)))(
  "%s refuses what is no object of options with a RangeError",
  (name) => {
    if (needed[name]) return;
    for (const wrong of ["2", 2, true, []] as const)
      expect(() => all[name]!(wrong), `${name} ${String(wrong)}`).toThrow(refused(name));
  },
);
