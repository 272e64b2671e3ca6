import { allFinite, reference, slice, tensor, type Tensor, where } from "@tenon/tensor";
import type { Engine, NDArray, Program } from "@tenon/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wasm } from "./engine.js";

const engines: readonly Engine<Tensor>[] = [await wasm({ threads: 1 }), await wasm({ threads: 2 })];
const n = 9000; // several work items, for several threads

type State = Readonly<Record<"w" | "m" | "k", NDArray>>;
const floats = (valueOf: (i: number) => number, length = n): NDArray => ({
  shape: [length],
  dtype: "float32",
  data: Float32Array.from({ length }, (_, i) => valueOf(i)),
});
const start: State = {
  w: floats((i) => Math.sin(i)),
  m: floats(() => 0),
  k: { shape: [2], dtype: "int32", data: Int32Array.of(2 ** 30, 7) },
};

/** Rules by what they make of (w, m, g): new w and new m. */
const rules: Readonly<
  Record<string, (w: Tensor, m: Tensor, g: Tensor) => readonly [Tensor, Tensor]>
> = {
  momentum: (w, m, g) => {
    const v = m.mul(0.9).add(g);
    return [w.sub(v.mul(0.1)), v];
  },
  squares: (w, m, g) => {
    const v = m.mul(0.9).add(g.square());
    return [w.sub(g.div(v.sqrt().add(1e-8))), v];
  },
  "a quotient": (w, m, g) => [w.sub(g.div(m.add(g))), m.add(g)],
  "a power": (w, m, g) => [w.add(g.exp()), m.mul(3).add(g)],
  "a product of what grows": (w, m, g) => [w.add(g), w.square().mul(w).add(m.mul(0))],
  "a root of what may be negative": (w, m, g) => [
    w.sub(g.div(m.add(1e-8).sqrt())),
    m.mul(0.9).add(g.mul(0.1)),
  ],
  "a mean that divides": (w, m, g) => [
    w.add(g.mul(1e8).div(m.abs().add(1e-20))),
    m.mul(0.5).add(g.mul(0.5)),
  ],
  "a sum": (w, m, g) => [w.mul(g.square().sum().sqrt()), m.sub(w)],
};

function compiled(
  engine: Engine<Tensor>,
  rule: string,
): Program<State, { g: NDArray }, { committed: NDArray; after: NDArray }> {
  const step = ({ w, m, k }: Record<string, Tensor>, { g }: { g: Tensor }) => {
    const [nextW, nextM] = rules[rule]!(w!, m!, g);
    const all = allFinite([g, nextW, nextM]);
    return {
      state: {
        w: where(all, nextW, w!),
        m: where(all, nextM, m!),
        k: where(all, k!.add(tensor([1, 1], [2], "int32")), k!),
      },
      outputs: { committed: all, after: slice(nextW, [0], [3]) },
    };
  };
  return engine.compile(step as never, start as never, { g: { shape: [n] } }) as never;
}

describe.each(Object.keys(rules))("a state of which all or nothing is replaced, by %s,", (rule) => {
  test.each(engines.map((engine) => [engine.threads, engine] as const))(
    "goes the reference engine's way with %i thread(s)",
    (_, engine) => {
      const size = fc.constantFrom(0, 1e-30, 1, 1e3, 1e8, 1e17, 1e25, 3e38, Infinity, NaN);
      fc.assert(
        fc.property(
          fc.array(fc.tuple(size, fc.nat(n - 1), size), { minLength: 1, maxLength: 5 }),
          (steps) => {
            const [ours, theirs] = [compiled(engine, rule), compiled(reference(), rule)];
            for (const [all, index, outlier] of steps) {
              const g = floats((i) => (i === index ? outlier : all * Math.cos(i)));
              const before = ours.state();
              const [a, b] = [ours.step({ g }), theirs.step({ g })];
              expect(a.committed.data[0]).toBe(b.committed.data[0]);
              const state = ours.state();
              if (a.committed.data[0] === 0) expect(state).toEqual(before);
              else
                for (const { data } of [state.w, state.m])
                  expect(data.every(Number.isFinite)).toBe(true);
              expect(state.k).toEqual(theirs.state().k);
              theirs.load(state); // sums differ in their last bits
            }
          },
        ),
        { numRuns: 12 },
      );
    },
  );
});

test("allFinite is an operation like others where it is not the whole step's", () => {
  for (const engine of engines) {
    const program = engine.compile(
      (state: { w: Tensor }, { g }: { g: Tensor }) => {
        const all = allFinite([g, g.exp(), g.reshape([3, 3000])]);
        return {
          state: { w: state.w.add(all) },
          outputs: { all, none: allFinite([]), masked: where(all, g, 1).sum() },
        };
      },
      { w: floats(() => 1, 5) },
      { g: { shape: [n] } },
    );
    const first = program.step({ g: floats(() => 2) });
    const second = program.step({ g: floats((i) => (i === 8999 ? 89 : 2)) });
    expect([first.all.data[0], first.none.data[0], first.masked.data[0]]).toEqual([1, 1, 2 * n]);
    // e⁸⁹ is no float32
    expect([second.all.data[0], second.none.data[0], second.masked.data[0]]).toEqual([0, 1, n]);
    expect(program.state().w.data).toEqual(new Float32Array(5).fill(2));
  }
});

test.each(engines)(
  "a program goes on from the view of another's state: $threads threads",
  (engine) => {
    for (const [rule, size] of [
      ["squares", 1e18], // its square is finite, and not calm
      ["squares", 1],
      ["a root of what may be negative", 1],
    ] as const) {
      const [first, second, whole] = [0, 1, 2].map(() => compiled(engine, rule));
      const g = (k: number): NDArray => floats((i) => size * Math.cos(i + k));
      for (let k = 0; k < 6; k++) {
        const [program, other] = k % 2 === 0 ? [first!, second!] : [second!, first!];
        program.load(other.view!());
        expect(program.step({ g: g(k) })).toEqual(whole!.step({ g: g(k) }));
        expect(program.state()).toEqual(whole!.state());
      }
      // A step that overflows is taken back.
      first!.load(second!.view!());
      const overflowing = floats(() => 3e38);
      expect(first!.step({ g: overflowing })).toEqual(whole!.step({ g: overflowing }));
      expect(first!.state()).toEqual(whole!.state());
    }
  },
);
