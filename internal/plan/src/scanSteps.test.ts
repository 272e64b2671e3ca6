import { cos, scan, sin, type Tensor, zeros } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wholeOf } from "./memory.js";
import { repeatedScans } from "./scanSteps.js";
import type { Plan } from "./plan.js";
import { tinyEngine } from "./testing/tinyEngine.js";

type Tensors = Readonly<Record<string, Tensor>>;

const entries = 5;

/** The plan of a scan over [5, 2, 3], with two states and three outputs. */
function planned(
  results: (all: { readonly state: Tensors; readonly outputs: Tensors }) => Tensors,
  { repeats, reverse = false }: { readonly repeats?: true; readonly reverse?: boolean } = {},
): Plan<unknown> {
  const step = (state: Tensors, { x, u }: Tensors) => {
    const all = scan(
      ({ h, unused }: Tensors, entry: Tensor): { state: Tensors; outputs: Tensors } => ({
        state: { h: entry.add(h!.matmul(u!)).tanh(), unused: cos(unused!.add(h!)) },
        outputs: { h: h!.mul(2), power: unused!.exp(), sine: sin(entry) },
      }),
      { h: zeros([2, 3]), unused: zeros([2, 3]) } as Tensors,
      x!,
      { reverse },
    );
    return { state, outputs: results(all) };
  };
  return tinyEngine(repeats && { scans: repeatedScans }).compile(
    step as never,
    {},
    { x: { shape: [entries, 2, 3] }, u: { shape: [3, 3] } },
  ).plan;
}

const labels = ({ steps }: Plan<unknown>): string => steps.map(({ label }) => label).join(" ");

test("what no result depends on is not computed", () => {
  expect(labels(planned(({ state }) => ({ h: state["h"]! })))).not.toMatch(/cos|exp|sin\b/);
  const sine = labels(planned(({ outputs }) => ({ sine: outputs["sine"]! })));
  expect(sine).toMatch(/sin/);
  expect(sine).not.toMatch(/tanh|matmul|first state/);
  expect(labels(planned(({ outputs }) => ({ power: outputs["power"]! })))).toMatch(
    /cos.*tanh|tanh.*cos/,
  );
});

test("steps are in the plan once, and their parts move on, where the engine repeats them", () => {
  for (const reverse of [false, true]) {
    const { steps } = planned(({ outputs }) => ({ h: outputs["h"]! }), { repeats: true, reverse });
    const repeated = steps.filter(({ repetition }) => repetition !== undefined);
    expect(new Set(repeated.map(({ repetition }) => repetition)).size).toBe(1);
    expect(repeated[0]!.repetition!.times).toBe(entries);
    const moves = repeated.flatMap(({ operands }) => operands.map((x) => wholeOf(x).by));
    expect(new Set(moves)).toEqual(new Set([0, reverse ? -24 : 24]));
  }
});

test("elsewhere they are written out, each with its own parts", () => {
  const { steps, offsets } = planned(({ outputs }) => ({ h: outputs["h"]! }));
  expect(steps.every(({ repetition }) => repetition === undefined)).toBe(true);
  const products = steps.filter(({ label }) => label.includes("matmul"));
  expect(products).toHaveLength(entries);
  const places = steps.flatMap(({ operands }) =>
    operands.filter(({ part }) => part !== undefined).map((x) => offsets.get(x)!),
  );
  expect(new Set(places).size).toBe(2 * entries);
});
