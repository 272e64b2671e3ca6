import type { Shape, Transform } from "@tenon/contracts";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as o from "../index.js";
import { initSlots } from "../initSlots.js";
import { compile } from "./compile.js";
import { eager } from "./eager.js";
import { record } from "./record.js";
import { signOf } from "./signOf.js";
import { stepsOf, type Steps } from "./steps.js";

const clipped = (rule: Transform): Transform => o.chain(o.clipByGlobalNorm(1), rule);
const listed: Readonly<Record<string, Transform>> = {
  sgd: o.sgd(),
  momentum: o.momentum(),
  "momentum, L2": o.chain(o.addDecayedWeights(0.1), o.momentum()),
  "momentum, rateInside": o.momentum({ rateInside: true }),
  nesterov: o.nesterov(),
  adagrad: o.adagrad(),
  rmsprop: o.rmsprop(),
  "rmsprop, momentum": o.rmsprop({ momentum: 0.9 }),
  adam: o.adam(),
  "adam, epsHat": o.adam({ epsHat: true }),
  "adam, amsgrad": o.adam({ amsgrad: true }),
  "adam, nesterov": o.adam({ nesterov: true }),
  adamw: o.adamw(),
  adamax: o.adamax(),
  adadelta: o.adadelta(),
  lion: o.lion(),
  radam: o.radam(),
  yogi: o.yogi(),
  adabelief: o.adabelief(),
  lamb: o.lamb(),
  "sgd, clipped": clipped(o.sgd()),
  "momentum, clipped": clipped(o.momentum()),
  "nesterov, clipped": clipped(o.nesterov()),
  "adam, clipped": clipped(o.adam()),
  "adamw, clipped": clipped(o.adamw()),
  "lion, clipped": clipped(o.lion()),
};

/** Whether a function takes these options. */
function takes(make: (options: object) => unknown, options: object): boolean {
  try {
    make(options);
    return true;
  } catch {
    return false;
  }
}

/**
 * What has a learning rate among its options is an optimizer; so a new one is compiled, too,
 * without being listed.
 */
const others = Object.entries(
  o as unknown as Readonly<Record<string, (options: object) => Transform>>,
)
  .filter(
    ([name, make]) =>
      !Object.hasOwn(listed, name) &&
      takes(make, { learningRate: 0.1 }) &&
      !takes(make, { colour: 1 }),
  )
  .map(([name, make]) => [name, make({})] as const);
const rules: Readonly<Record<string, Transform>> = { ...listed, ...Object.fromEntries(others) };

/** The loops over one parameter. */
function loopsOf(rule: Transform): Steps[] {
  const shape: Shape = [100];
  const w = { shape, dtype: "float32" as const, data: new Float32Array(100) };
  return record(rule, { w }, initSlots(rule, { w })).recorded.stages.flatMap(({ loops }) =>
    loops.map(({ code }) => stepsOf(code)!),
  );
}

const command = "npm test -- packages/optimizers/src/internal/compiled -u";
const head = `// Written by compiled.test.ts, with compile.ts: \`${command}\`.
import type { Floats } from "./interpret.js";
import { signOf } from "./signOf.js";
import type { Steps } from "./steps.js";

/** Does a loop over whole arrays of the memory, with these scalars. */
export type Compiled = (memory: readonly Floats[], steps: Steps, scalars: Float64Array) => void;

/** The loops of this package's rules, by key, compiled ahead of time: a page's policy may forbid to compile them when they are met. */
export const compiled: Readonly<Record<string, Compiled>> = {
`;

test("the file of compiled loops is what the rules are compiled to", async () => {
  const found = new Map<string, { readonly names: string[]; readonly loop: Steps }>();
  for (const [name, rule] of Object.entries(rules)) {
    for (const loop of loopsOf(rule)) {
      const { names } = found.get(loop.key) ?? { names: [] };
      found.set(loop.key, { names: [...names, name], loop });
    }
  }
  const entries = [...found].map(([key, { names, loop }]) =>
    `// ${names.join("; ")}\n${JSON.stringify(key)}: ${compile(loop)},\n`.replace(/^(?=.)/gm, "  "),
  );
  await expect(`${head}${entries.join("")}};\n`)
    .toMatchFileSnapshot("compiled.ts")
    .catch((cause: Error) => {
      throw new Error(
        "compiled.ts lacks a loop of a rule, or has one that no rule has; where a page forbids " +
          `WebAssembly it would be interpreted. Write it: ${command}\n${cause.message}`,
        { cause },
      );
    });
});

const numbers = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2);

test.each(Object.entries(rules))(
  "%s: a compiled loop computes what its operations compute one by one",
  (_, rule) => {
    for (const length of [0, 1, 3, 4, 5, 8, 1023]) {
      const w = numbers(length, 1);
      const start = { w: { shape: [length], data: w.slice() } };
      const plainly = eager(rule, start);
      const optimizer = o.onArrays(rule, { w });
      for (let step = 0; step < 7; step++) {
        // radam goes another way after five
        const gradient = { shape: [length], data: numbers(length, 10 + step) };
        plainly.step({ w: gradient });
        optimizer.step({ w: gradient });
        expectClose(w, plainly.params["w"]!.data, 1e-12, `w of ${length} after step ${step}`);
      }
      const { slots } = optimizer.state();
      for (const [slot, byPath] of Object.entries(slots))
        expectClose(byPath["w"]!.data, plainly.slots[slot]!["w"]!.data, 1e-12, slot);
    }
  },
);

test("products bind closer than sums, and operands stay where they were", () => {
  // (x − y) − (x / (y · x)) ; −(x + y)
  const words = Int32Array.from(
    [
      [7, 0, -1, -2],
      [8, 1, -2, -1],
      [9, 1, -1, 1],
      [7, -3, 0, 1],
      [6, 0, -1, -2],
      [1, -4, 0],
    ].flatMap((one) => [...one, ...Array<number>(10 - one.length).fill(0)]),
  );
  const text = compile(stepsOf(words)!);
  expect(text).toContain("C[i] = x0 - x1 - x0 / (x1 * x0);");
  expect(text).toContain("D[i] = -(x0 + x1);");
});

test("signOf is Math.sign", () => {
  for (const x of [1, -1, 0, -0, 5e-324, -5e-324, Infinity, -Infinity, NaN, 0.3, -1e300])
    expect(signOf(x)).toBe(Math.sign(x));
});
