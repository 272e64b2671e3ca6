import type { AnyEngine, AnyProgram, ByPath, NDArray, Tree } from "@tenon/contracts";
import { clock, gradients, leaves, oneHot, pass, type Tensor, uniform, where } from "@tenon/tensor";
import { expect, test } from "vitest";
import { array, type Conformance } from "./agree.js";

/** State over several steps. */
export function states({ engines }: Conformance): void {
  test("an MLP trained with Adam has the reference engine's losses and weights", async () => {
    const [program, expected] = [mlpProgram(engines()[0]), mlpProgram(engines()[1])];
    for (let t = 0; t < 30; t++) {
      const feed = { x: array([6, 12], (i) => Math.sin(i * t)), y: [0, 0, 0, 1, 1, 1], t, seed: 3 };
      const [a, b] = [await program.step(feed), await expected.step(feed)];
      expect(a.loss.data[0]).toBeCloseTo(b.loss.data[0]!, 4);
    }
    const states = [await program.state(), await expected.state()] as const;
    const [a, b] = states.map((state) => leaves<NDArray>(state as Tree<NDArray>));
    a!.forEach(([path, { data }], i) =>
      data.forEach((value, k) => expect(value, path).toBeCloseTo(b![i]![1].data[k]!, 3)),
    );
  });

  test("states may swap, share a value, or stay", async () => {
    const start = { a: array([3]), b: array([3], (i) => i), c: array([3]), d: array([3]) };
    const [program, expected] = engines().map((engine) =>
      engine.compile(
        ({ a, b, d }: ByPath<Tensor>) => ({
          state: { a: b!, b: a!, c: a!.add(b!), d: d! },
          outputs: { old: a!, sum: a!.add(b!) },
        }),
        start as ByPath<NDArray>,
        {},
      ),
    );
    for (let t = 0; t < 3; t++) expect(await program!.step({})).toEqual(await expected!.step({}));
    expect(await program!.state()).toEqual(await expected!.state());
  });

  test("feeds and states are checked", async () => {
    const [program] = engines().map((engine) =>
      engine.compile(
        (state: { readonly w: Tensor }, { x }) => ({ state, outputs: { y: x.add(1) } }),
        { w: array([2]) },
        { x: { shape: [2] } },
      ),
    );
    const refused = async (call: () => unknown, message: string): Promise<void> => {
      await expect((async () => call())()).rejects.toThrow(message);
      // What comes after a failure fails as well on an engine that answers later.
      await program!.load({ w: array([2]) });
    };
    const x = { shape: [2], dtype: "float32", data: Float32Array.of(1) } as const;
    await refused(() => program!.step({} as never), "expected x (float32 [2]), got nothing");
    await refused(() => program!.step({ x: [1, 2, 3] }), "expected x (float32 [2]), got 3 values");
    await refused(() => program!.step({ x }), "expected x (float32 [2]), got 1 values");
    await refused(() => program!.step({ x: 1 }), "expected x (float32 [2]), got 1 values");
    const wrong = "w: expected float32 [2], got float32 [3]";
    await refused(() => program!.load({ w: array([3]) }), wrong);
    await refused(() => program!.load({ v: array([2]) } as never), "missing w; unexpected v");
  });
}

type MlpState<V> = { readonly [part in "params" | "m" | "v"]: ByPath<V> };
type MlpInputs<V> = { readonly x: V; readonly y: V; readonly t: V; readonly seed: V };

/** Trains an MLP with dropout by Adam, written out in tensors. */
export function mlpProgram(
  engine: AnyEngine<Tensor>,
): AnyProgram<
  MlpState<NDArray>,
  MlpInputs<NDArray | number | readonly number[]>,
  { readonly loss: NDArray }
> {
  const shapes = { w1: [12, 8], b1: [8], w2: [8, 3], b2: [3] };
  const filled = (f?: (i: number) => number): ByPath<NDArray> =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape, f)]));
  const zeros = filled(() => 0);
  const { w1, w2 } = filled();
  const start: MlpState<NDArray> = {
    params: { ...zeros, w1: w1!, w2: w2! },
    m: zeros,
    v: zeros,
  };
  return engine.compile(mlpStep, start, {
    x: { shape: [6, 12] },
    y: { shape: [6], dtype: "int32" },
    t: { shape: [], dtype: "int32" },
    seed: { shape: [], dtype: "int32" },
  });
}

function mlpStep({ params, m, v }: MlpState<Tensor>, { x, y, t, seed }: MlpInputs<Tensor>) {
  const context = pass({ params, training: { seed, step: t } });
  const h = x.matmul(params["w1"]!).add(params["b1"]!).relu();
  const kept = where(context.draw(h.shape, uniform).greaterEqual(0.25), h.div(0.75), 0);
  const logits = kept.matmul(params["w2"]!).add(params["b2"]!);
  const loss = logits.logSoftmax().mul(oneHot(y, 3)).sum(1).mean().neg();
  const grads = gradients(loss, params);
  const time = clock(t);
  const [c1, c2] = [time.value((s) => 1 - 0.9 ** (s + 1)), time.value((s) => 1 - 0.999 ** (s + 1))];
  const map = (f: (name: string) => Tensor): ByPath<Tensor> =>
    Object.fromEntries(Object.keys(params).map((name) => [name, f(name)]));
  const m1 = map((name) => m[name]!.mul(0.9).add(grads[name]!.mul(0.1)));
  const v1 = map((name) => v[name]!.mul(0.999).add(grads[name]!.square().mul(0.001)));
  const update = (name: string): Tensor =>
    m1[name]!.div(c1).div(v1[name]!.div(c2).sqrt().add(1e-8)).mul(time.value(0.01));
  const next = map((name) => params[name]!.sub(update(name)));
  return { state: { params: next, m: m1, v: v1 }, outputs: { loss } };
}
