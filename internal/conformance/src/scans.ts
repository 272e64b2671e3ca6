import { concat, gradients, scan, sin, slice, type Tensor, zeros } from "@tenon/tensor";
import { expect, test } from "vitest";
import { array, withGradients, type Conformance } from "./agree.js";

type Tensors = Record<string, Tensor>;

/** The outputs and the last state of an LSTM, as one tensor. */
function lstm({ x, w, u, b, h, c }: Tensors): Tensor {
  const units = h!.shape[1]!;
  const { state, outputs } = scan(
    (before: { readonly h: Tensor; readonly c: Tensor }, entry: Tensor) => {
      const z = entry.matmul(w!).add(before.h.matmul(u!)).add(b!);
      const gate = (i: number): Tensor => slice(z, [0, i * units], [z.shape[0]!, (i + 1) * units]);
      const next = gate(1)
        .sigmoid()
        .mul(before.c)
        .add(gate(0).sigmoid().mul(gate(2).tanh()));
      const output = gate(3).sigmoid().mul(next.tanh());
      return { state: { h: output, c: next }, outputs: output };
    },
    { h: h!, c: c! },
    x!,
  );
  return concat([outputs, state.h.expandDims(0), state.c.expandDims(0)]);
}

/** Steps that are repeated. */
export function scans({ agree, engines }: Conformance): void {
  test.each([
    [1, 2, 3, 2],
    [5, 3, 2, 4],
    [4, 1, 1, 1],
    [7, 2, 5, 3],
  ])(
    "an LSTM of %i steps, batch %i, %i features, %i units",
    async (steps, batch, features, units) => {
      await agree(
        {
          x: array([steps, batch, features]),
          w: array([features, 4 * units], (i) => Math.cos(i * 2.1)),
          u: array([units, 4 * units], (i) => Math.sin(i * 0.7)),
          b: array([4 * units], (i) => Math.cos(i)),
          h: array([batch, units], (i) => Math.sin(i * 3)),
          c: array([batch, units], (i) => Math.sin(i * 5)),
        },
        withGradients(lstm),
        1e-5,
      );
    },
  );

  test("states that swap, stay, or are a view; outputs that are what is given, or equal", async () => {
    const f =
      (reverse: boolean) =>
      ({ x, y, k }: Tensors): Tensors => {
        const { state, outputs } = scan(
          ({ a, b, c, d }: Tensors, { e }: Tensors) => ({
            state: { a: b!, b: a!, c: c!, d: d!.transpose().add(slice(e!, [0], [2])) },
            outputs: {
              ...{ a: a!, e: e!, k: k!, d: d!, sum: a!.add(e!.sum()), product: d!.matmul(k!) },
              ...{ one: sin(a!), again: sin(a!), third: sin(a!) },
            },
          }),
          { a: x!, b: x!.mul(2), c: y!, d: k! },
          { e: y! },
          { reverse },
        );
        return {
          ...state,
          ...Object.fromEntries(Object.entries(outputs).map(([n, v]) => [`o${n}`, v])),
        };
      };
    const inputs = { x: array([3]), y: array([3, 5], Math.cos), k: array([2, 2]) };
    await agree(inputs, f(false));
    await agree(inputs, f(true));
  });

  test("results that nothing reads are not needed; without steps there is the first state", async () => {
    await agree({ x: array([4, 3]), y: array([3]) }, ({ x, y }) => {
      const run = (length?: number) =>
        scan(
          ({ a, b }: Tensors, { e }: { readonly e?: Tensor }) => ({
            state: { a: a!.mul(0.5).add(e ?? 1), b: b!.add(a!) },
            outputs: { twice: a!.mul(2), other: b!.exp() },
          }),
          { a: y!, b: y! } as Tensors,
          length === undefined ? { e: x! } : {},
          length === undefined ? {} : { length },
        );
      return {
        a: run().state["a"]!,
        t: run().outputs.twice,
        zero: run(0).state["a"]!,
        five: run(5).state["b"]!,
      };
    });
  });

  test("a scan within a scan, in either direction, with its gradients", async () => {
    await agree(
      { x: array([3, 4, 3]), a: array([3], Math.cos) },
      withGradients(({ x, a }) => {
        const rows = scan(
          (sum: Tensor, row: Tensor) => {
            const inner = scan(
              (s: Tensor, e: Tensor) => ({ state: s.mul(a!).add(e).tanh(), outputs: s.mul(e) }),
              sum,
              row,
              { reverse: true },
            );
            return { state: inner.state, outputs: inner.outputs };
          },
          zeros([3]),
          x!,
        );
        return concat([rows.outputs.reshape([12, 3]), rows.state.expandDims(0)]);
      }),
      1e-5,
    );
  });

  test("weights that are used otherwise than in a product; gradients of gradients", async () => {
    await agree(
      { x: array([4, 2, 3]), w: array([3, 3], Math.cos), p: array([3]) },
      ({ x, w, p }) => {
        const { outputs } = scan(
          (h: Tensor, e: Tensor) => {
            const next = sin(e.mul(p!).add(h.matmul(w!)));
            return { state: next, outputs: next };
          },
          zeros([2, 3]),
          x!,
        );
        const first = gradients(outputs.square().sum(), { x: x!, w: w!, p: p! });
        const norm = first.w.square().sum().add(first.p.sum());
        const second = gradients(norm, { x: x!, w: w! });
        return { ...first, xx: second.x, ww: second.w };
      },
      2e-5,
    );
  });

  test("a step with state, over several calls", async () => {
    const programs = engines().map((engine) =>
      engine.compile(
        ({ w, h }: Tensors, { x }) => {
          const { state, outputs } = scan(
            (before: Tensor, e: Tensor) => {
              const next = e.add(before.matmul(w!)).tanh();
              return { state: next, outputs: next };
            },
            h!,
            x,
          );
          const loss = outputs.square().mean();
          return { state: { w: w!.sub(gradients(loss, w!)), h: state }, outputs: { loss } };
        },
        { w: array([4, 4]), h: array([2, 4], Math.cos) } as Record<
          string,
          ReturnType<typeof array>
        >,
        { x: { shape: [6, 2, 4] } },
      ),
    );
    for (let t = 0; t < 4; t++) {
      const x = array([6, 2, 4], (i) => Math.sin(i * (t + 2)));
      const losses = await Promise.all(
        programs.map(async (program) => (await program.step({ x })).loss),
      );
      expect(losses[0]!.data[0]).toBeCloseTo(losses[1]!.data[0]!, 5);
    }
  });
}
