import type { Buffer, Step } from "@tenon/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Kernel } from "./kernels/kernel.js";
import { loop } from "./kernels/loop.js";
import { reduce } from "./kernels/reduce.js";
import { dispatchesOf } from "./schedule.js";

const kernel = (more: Partial<Kernel> = {}): Kernel => ({
  ...{ name: "k", scratch: 0, flops: 0, operands: [], workgroups: 1, body: () => "" },
  ...more,
});
const step = (
  operands: readonly Buffer[],
  writes: readonly number[],
  more: Partial<Kernel> = {},
): Step<Kernel> => ({ kernel: kernel(more), operands, writes, label: "", fused: 0 });
const buffers = (count: number): Buffer[] => Array.from({ length: count }, () => ({ bytes: 4 }));

/** The steps of each dispatch. */
const groupsOf = (
  steps: readonly Step<Kernel>[],
  state: readonly Buffer[] = [],
): Step<Kernel>[][] =>
  dispatchesOf(steps, new Set(state)).map((tasks) => tasks.flatMap(({ levels }) => levels.flat()));

/** How many levels each task has, and how many rows. */
const tasksOf = (steps: readonly Step<Kernel>[], state: readonly Buffer[] = []): number[][][] =>
  dispatchesOf(steps, new Set(state)).map((tasks) =>
    tasks.map(({ levels, rows }) => [levels.length, rows]),
  );

test("a step is in a later dispatch than all that it has to wait for, and they are as few as can be", () => {
  const use = fc.record({ buffer: fc.nat(5), isWritten: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(fc.array(use, { minLength: 1, maxLength: 3 }), { maxLength: 15 }),
      (rows) => {
        const all = buffers(6);
        const steps = rows.map((uses) =>
          step(
            uses.map(({ buffer }) => all[buffer]!),
            uses.flatMap(({ isWritten }, i) => (isWritten ? [i] : [])),
          ),
        );
        const groups = groupsOf(steps);
        const groupOf = (x: Step<Kernel>): number => groups.findIndex((group) => group.includes(x));
        const writes = ({ operands, writes }: Step<Kernel>, x: Buffer): boolean =>
          operands.some((operand, i) => operand === x && writes.includes(i));
        let longest = 0;
        const depth: number[] = [];
        steps.forEach((later, i) => {
          depth[i] = 1;
          steps.slice(0, i).forEach((earlier, k) => {
            const meet = all.some(
              (x) =>
                earlier.operands.includes(x) &&
                later.operands.includes(x) &&
                (writes(earlier, x) || writes(later, x)),
            );
            if (!meet) return;
            expect(groupOf(earlier)).toBeLessThan(groupOf(later));
            depth[i] = Math.max(depth[i]!, depth[k]! + 1);
          });
          longest = Math.max(longest, depth[i]!);
        });
        expect(groups).toHaveLength(longest);
        expect(groups.flat()).toHaveLength(steps.length);
      },
    ),
  );
});

test("steps that clear words do so together; what comes behind a step that may fail waits", () => {
  const [words, a, b] = buffers(3) as [Buffer, Buffer, Buffer];
  const ones = step([words], [0]);
  const checks = [step([a, words], [1], { clears: 1 }), step([b, words], [1], { clears: 1 })];
  expect(groupsOf([ones, ...checks, step([words, a], [1])])).toHaveLength(3);
  const failing = step([a, b], [0], { mayFail: { n: 3, use: { by: "gather" } } });
  const other = step([words], [0]);
  expect(groupsOf([failing, other], [words])).toEqual([[failing], [other]]);
  expect(groupsOf([failing, other])).toEqual([[failing, other]]);
});

/** The loop and the sums of a softmax of an array [32, 10]. */
function softmaxSteps(): Step<Kernel>[] {
  const array = (elements: number): Buffer => ({ bytes: 4 * elements });
  const [x, most, e, total, y] = [320, 32, 320, 32, 320].map(array) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const load = (input: number) => ({ op: "load", input, dtype: "float32" }) as const;
  const rows = { strides: [10, 1], offset: 0 };
  const row = { strides: [1, 0], offset: 0 };
  const shape = [32, 10];
  const folded = (kind: "max" | "sum"): Kernel =>
    reduce({
      loop: { shape, inputs: [rows], body: [load(0)], outputs: [0] },
      axes: [1],
      kind,
    }) as Kernel;
  const combined = (op: "sub" | "div"): Kernel =>
    loop({
      ...{ shape, inputs: [rows, row], outputs: [2] },
      body: [load(0), load(1), { op, args: [0, 1], dtype: "float32" }],
    });
  const made = (kernel: Kernel, ...operands: Buffer[]): Step<Kernel> => ({
    ...{ kernel, operands, writes: [0], label: "", fused: 1 },
  });
  return [
    made(folded("max"), most, x),
    made(combined("sub"), e, x, most),
    made(folded("sum"), total, e),
    made(combined("div"), y, e, total),
  ];
}

test("steps that work row by row become one task, unless one needs other rows or writes state", () => {
  const steps = softmaxSteps();
  expect(tasksOf(steps)).toEqual([[[4, 32]]]);
  const last = steps.at(-1)!;
  expect(tasksOf(steps, [last.operands[0]!])).toEqual([[[3, 32]], [[1, 0]]]);
});

test.each([
  [32, 10],
  [16, 16],
])("sums along the rows of an array [%i, %i] are not cut into rows", (rows, columns) => {
  const array: Buffer = { bytes: 4 * rows * columns };
  const strides = [columns, 1];
  const read = { op: "load", input: 0, dtype: "float32" } as const;
  const expression = { shape: [rows, columns], inputs: [{ strides, offset: 0 }], outputs: [0] };
  const copied = step([array, { bytes: array.bytes }], [0]);
  const copy = loop({ ...expression, body: [read] });
  const sum = reduce({ loop: { ...expression, body: [read] }, axes: [0], kind: "sum" }) as Kernel;
  expect(
    tasksOf([
      { ...copied, kernel: copy },
      { ...copied, kernel: sum, operands: [{ bytes: 4 * columns }, array] },
    ]),
  ).toEqual([[[1, 0]], [[1, 0]]]);
});
