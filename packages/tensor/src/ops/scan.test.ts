import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argMax } from "./reduce.js";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { topological } from "../topological.js";
import { cumprod, cumsum } from "./cumulative.js";
import { concat, slice, stack } from "./movement.js";
import { ones, tensor, zeros } from "./leaf.js";
import { sin } from "./elementwise.js";
import { scan, type ScanAttrs } from "./scan.js";

const running = (x: Tensor, reverse = false): { state: Tensor; outputs: Tensor } =>
  scan(
    (sum: Tensor, entry: Tensor) => {
      const next = sum.add(entry);
      return { state: next, outputs: next };
    },
    zeros(x.shape.slice(1)),
    x,
    { reverse },
  );

describe("values", () => {
  test("a running sum is cumsum", () => {
    const x = tensor([1, 8, -3, 5, 2, 2, 4, -7, 9, 6], [5, 2]);
    const { state, outputs } = running(x);
    expect(outputs.shape).toEqual([5, 2]);
    expect([...outputs.data()]).toEqual([...cumsum(x, 0).data()]);
    expect([...state.data()]).toEqual([...slice(cumsum(x, 0), [4]).data()]);
  });

  test("in reverse the last entry comes first, and outputs stay at their entries", () => {
    const { state, outputs } = running(tensor([1, 2, 4]), true);
    expect([...outputs.data()]).toEqual([7, 6, 4]);
    expect(state.item()).toBe(7);
  });

  test("states, sequences and outputs have names; the step may use other tensors", () => {
    const [factor, words] = [tensor([2, 3]), tensor([0, 2, 1], [3], "int32")];
    const table = tensor([10, 20, 30]);
    const { state, outputs } = scan(
      ({ a, b }: { a: Tensor; b: Tensor }, { x, i }: { x: Tensor; i: Tensor }) => ({
        state: { a: a.mul(factor).add(x), b: b.add(1) },
        outputs: { word: table.gather(i), twice: b.mul(2) },
      }),
      { a: ones([2]), b: tensor(0) },
      { x: tensor([1, 0, -1]), i: words },
    );
    expect([...state.a.data()]).toEqual([11, 35]);
    expect(state.b.item()).toBe(3);
    expect([...outputs.word.data()]).toEqual([10, 30, 20]);
    expect([...outputs.twice.data()]).toEqual([0, 2, 4]);
  });

  test("a step that depends on nothing, a state that stays, no sequence, no step", () => {
    const of = (length: number) =>
      scan((x: Tensor) => ({ state: x, outputs: tensor([1, 2]) }), tensor(5), {}, { length });
    expect(of(2).state.item()).toBe(5);
    expect([...of(2).outputs.data()]).toEqual([1, 2, 1, 2]);
    expect(of(0).state.item()).toBe(5);
    expect(of(0).outputs.shape).toEqual([0, 2]);
  });

  test("the step is traced once", () => {
    let calls = 0;
    const { state } = scan(
      (x: Tensor) => {
        calls++;
        return { state: x.mul(2), outputs: {} };
      },
      tensor(1),
      {},
      { length: 20 },
    );
    expect([state.item(), calls]).toEqual([2 ** 20, 1]);
    expect(topological([state]).length).toBeLessThan(5);
  });
});

/** Matrices are [rows, columns]; the weights are used in every step. */
const recurrent = (w: Tensor, u: Tensor, b: Tensor, h: Tensor, x: Tensor) =>
  scan(
    (state: Tensor, entry: Tensor) => {
      const next = entry.matmul(w).add(state.matmul(u)).add(b).tanh();
      return { state: next, outputs: next };
    },
    h,
    x,
  );
const arrays: NDArray[] = [[2, 3], [3, 3], [3], [2, 3], [4, 2, 2]].map((shape, i) =>
  testValues(shape, 1 + 10 * i),
);

describe("gradients", () => {
  test("of a recurrent layer, of its outputs, its last state and both", () => {
    const check = (f: (r: ReturnType<typeof recurrent>) => Tensor): void =>
      gradcheck((...[w, u, b, h, x]) => f(recurrent(w!, u!, b!, h!, x!)), arrays);
    check(({ outputs }) => outputs);
    check(({ state }) => state);
    check(({ state, outputs }) => concat([outputs, state.expandDims(0)]));
  });

  test("are those of the steps written out", () => {
    const run = (f: typeof recurrent): (readonly number[])[] => {
      const inputs = arrays.map((array) => tensor(array)) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const { state, outputs } = f(...inputs);
      const loss = outputs.square().sum().add(state.sum());
      return gradients(loss, { ...inputs } as unknown as Record<string, Tensor>) as never;
    };
    const unrolled: typeof recurrent = (w, u, b, h, x) => {
      const outputs: Tensor[] = [];
      let state = h;
      for (let t = 0; t < x.shape[0]!; t++) {
        const entry = slice(x, [t], [t + 1]).squeeze(0);
        outputs.push((state = entry.matmul(w).add(state.matmul(u)).add(b).tanh()));
      }
      return { state, outputs: stack(outputs) };
    };
    const [got, expected] = [run(recurrent), run(unrolled)].map((grads) =>
      Object.values(grads as unknown as Record<string, Tensor>).flatMap((x) => [...x.data()]),
    );
    got!.forEach((x, i) => expect(x).toBeCloseTo(expected![i]!, 4));
  });

  test("of weights are one product of all steps", () => {
    const inputs = arrays.map((array) => tensor(array)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const { outputs } = recurrent(...inputs);
    const [dw, du, db] = [0, 1, 2].map(
      (i) => (gradients(outputs.sum(), { ...inputs } as never) as unknown as Tensor[])[i]!,
    );
    const isOutside = (x: Tensor, op: string): boolean =>
      topological([x], ({ op }) => op.name === "scanResult").some(
        ({ op: { name } }) => name === op,
      );
    expect(isOutside(dw!, "matmul")).toBe(true);
    expect(isOutside(du!, "matmul")).toBe(true);
    expect(isOutside(db!, "sum")).toBe(true);
  });

  test("compute nothing costly again: the forward scan keeps derivatives", () => {
    const [x] = [testValues([4, 3])].map((array) => tensor(array)) as [Tensor];
    const { state } = scan(
      (before: Tensor, entry: Tensor) => ({
        state: before.add(entry).sigmoid().mul(before.tanh()).add(entry.exp()),
        outputs: {},
      }),
      ones([3]),
      x,
    );
    const scans = topological([gradients(state.sum(), { x }).x]).filter(
      ({ op }) => op.name === "scan",
    );
    const namesIn = ({ attrs }: Tensor): string[] => {
      const { body, outputs } = attrs as ScanAttrs;
      return topological([...body.next, ...outputs]).map(({ op }) => op.name);
    };
    const isCostly = (name: string): boolean => ["sigmoid", "tanh", "exp"].includes(name);
    const [forward, backward] = scans.slice(-2).map(namesIn);
    expect(forward!.filter(isCostly).length).toBeGreaterThanOrEqual(5);
    expect(backward!.filter(isCostly)).toEqual([]);
  });

  test("the forward scan keeps products of known factors, not the factors", () => {
    const entries = tensor(testValues([4, 3]));
    const start = tensor(testValues([3]));
    const { state } = scan(
      (before: Tensor, entry: Tensor) => ({
        state: before.add(entry).sigmoid().mul(before.tanh()),
        outputs: {},
      }),
      start,
      entries,
    );
    const [forward] = topological([gradients(state.sum(), { start }).start]).filter(
      ({ op, attrs }) => op.name === "scan" && (attrs as ScanAttrs).outputs.length > 0,
    );
    // The gradient of the state: tanh s · σ′(s + x) and σ(s + x) · tanh′ s, s being the state.
    expect((forward!.attrs as ScanAttrs).outputs.length).toBe(2);
  });

  test("of constants that are used otherwise", () => {
    gradcheck(
      (c, m, x) =>
        scan(
          (state: Tensor, entry: Tensor) => ({
            state: sin(state.mul(c!).add(m!.transpose().matmul(entry.expandDims(1)).squeeze(1))),
            outputs: state.mul(c!.square()).sum().add(m!.sum()),
          }),
          c!,
          x!,
        ).outputs,
      [testValues([2]), testValues([3, 2], 5), testValues([4, 3], 20)],
    );
  });

  test("of sequences in reverse, and of a scan within a scan", () => {
    gradcheck((x) => running(sin(x!), true).outputs, [testValues([3, 2])]);
    gradcheck(
      (x, a) =>
        scan(
          (sum: Tensor, row: Tensor) => {
            const inner = scan(
              (s: Tensor, e: Tensor) => ({ state: s.mul(a!).add(e), outputs: s.mul(e) }),
              sum,
              row,
            );
            return { state: inner.state.tanh(), outputs: inner.outputs };
          },
          tensor(0.5),
          x!,
        ).outputs,
      [testValues([3, 2]), testValues([], 9)],
    );
  });

  test("a running product has that of cumprod", () => {
    const product = (x: Tensor): Tensor =>
      scan(
        (state: Tensor, entry: Tensor) => {
          const next = state.mul(entry);
          return { state: next, outputs: next };
        },
        tensor(1),
        x,
      ).outputs;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 6 }),
        (xs) => {
          const x = tensor(xs, [xs.length], "float32");
          const [got, expected] = [product(x), cumprod(x, 0)].map((y) => [
            ...y.data(),
            ...gradients(y.sum(), x).data(),
          ]);
          got!.forEach((value, i) => expect(value).toBeCloseTo(expected![i]!, 3));
        },
      ),
    );
  });
});

test("a state and outputs run in float64", () => {
  const program = reference({ precision: "float64" }).compile(
    (state, { x }: { x: Tensor }) => ({ state, outputs: { y: running(x).outputs } }),
    {},
    { x: { shape: [2] } },
  );
  const { y } = program.step({ x: Float64Array.of(1, 2 ** -40) });
  expect([...y.data]).toEqual([1, 1 + 2 ** -40]);
});

describe("refuses", () => {
  const step = (state: Tensor, x: Tensor) => ({ state: state.add(x), outputs: x });
  const x = tensor([1, 2]);
  test.each([
    [() => scan(2 as never, x, x), "scan: expected step as a function, got 2"],
    [
      () => scan(step, 1 as never, x),
      "scan: expected initial as a tensor, or tensors by name, got 1",
    ],
    [() => scan(step, tensor(0), tensor(0)), "scan: expected sequences of one length"],
    [
      () => scan((s: Tensor) => ({ state: s, outputs: {} }), x, { a: x, b: ones([3]) }),
      "scan: expected sequences of one length, along their first axis, got [2], [3]",
    ],
    [() => scan((s: Tensor) => ({ state: s, outputs: {} }), x, {}), "got none; give a length"],
    [
      () => scan((s: Tensor) => s as never, x, x),
      "scan: expected step to return { state, outputs }",
    ],
    [
      () => scan((s: Tensor) => ({ state: s.sum(), outputs: {} }), x, x),
      "scan: expected the names and shapes of the start state",
    ],
    [
      () => scan(step, tensor(0, [], "int32"), x),
      "scan: expected float32 initial, got int32 []; cast them",
    ],
    [
      () => scan((s: Tensor) => ({ state: s, outputs: argMax(s) }), x, x),
      "scan: expected float32 outputs, got int32 []; cast them",
    ],
    [
      () => scan(step, tensor(0), x, { reverse: 1 as never }),
      "scan: expected reverse as true or false, got 1",
    ],
    [() => scan(step, tensor(0), x, { length: 3 }), "scan: expected sequences of one length"],
    [() => scan(step, tensor(0), x, { backwards: true } as never), "scan: "],
  ])("%#", (call, message) => expect(call).toThrow(message));
});
