import type { AnyEngine, AnyProgram, Arithmetic, Elements, NDArray } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { refusal } from "./refusal.js";
import { expectClose } from "./expectClose.js";
import { source } from "./internal/source.js";

export interface EngineSuiteOptions<T> {
  /** An engine to agree with. */
  readonly oracle?: AnyEngine<T>;
  /** How closely, relative to max(1, |expected|). @defaultValue 1e-5 */
  readonly tolerance?: number;
}

interface State<V> {
  readonly params: { readonly w: V; readonly b: V };
  readonly slots: { readonly w: V; readonly b: V };
}
type Numbered = State<NDArray>;
interface Fed<V> {
  readonly x: V;
  readonly target: V;
  readonly rate: V;
}
interface Made<V> {
  readonly loss: V;
  readonly residual: { readonly each: V };
}
type Small = AnyProgram<Numbered, Fed<number | Elements | readonly number[]>, Made<NDArray>>;

/**
 * What every engine of either kind promises: a step is traced once, state lives inside and changes
 * only by `step` and `load`, inputs and outputs are copies, a loaded state goes on to the same
 * bits. The step it is tried on uses `Arithmetic` alone.
 */
export function engineSuite<T extends Arithmetic<T>>(
  title: string,
  make: () => AnyEngine<T> | Promise<AnyEngine<T>>,
  { oracle, tolerance = 1e-5 }: EngineSuiteOptions<T> = {},
): void {
  const array = (shape: readonly number[], seed: number): NDArray => {
    const rng = source(seed);
    return {
      shape,
      dtype: "float32",
      data: Float32Array.from(
        { length: shape.reduce((product, n) => product * n, 1) },
        () => 2 * rng() - 1,
      ),
    };
  };
  const startOf = (): Numbered => ({
    params: { w: array([3], 1), b: array([], 2) },
    slots: { w: array([3], 3), b: array([], 4) },
  });
  const feedOf = (step: number): Fed<number | Elements> => ({
    x: array([4, 3], 10 + step).data,
    target: array([4, 1], 20 + step).data,
    rate: 0.1 / (step + 1),
  });

  /** A line fitted by momentum, its gradients written out by hand. */
  const step = (
    { params, slots }: State<T>,
    { x, target, rate }: Fed<T>,
  ): { state: State<T>; outputs: Made<T> } => {
    const error = x.mul(params.w).sum([-1], true).add(params.b).sub(target);
    const moved = {
      w: slots.w.mul(0.9).add(x.mul(error).sum([0])),
      b: slots.b.mul(0.9).add(error.sum()),
    };
    return {
      state: {
        params: { w: params.w.sub(moved.w.mul(rate)), b: params.b.sub(moved.b.mul(rate)) },
        slots: moved,
      },
      outputs: { loss: error.square().sum().sqrt(), residual: { each: error.abs().maximum(0.01) } },
    };
  };
  const compiled = (
    engine: AnyEngine<T>,
    start = startOf(),
    traced: (...given: Parameters<typeof step>) => ReturnType<typeof step> = step,
  ): Small =>
    (engine as { compile: (...given: readonly unknown[]) => unknown }).compile(traced, start, {
      x: { shape: [4, 3] },
      target: { shape: [4, 1] },
      rate: { shape: [] },
    }) as Small;
  /** Each array of a tree of arrays with its path, the values as a plain list. */
  const flat = (tree: object, path = ""): (readonly [string, readonly number[]])[] =>
    Object.entries(tree)
      .flatMap(([key, value]: [string, NDArray]) =>
        Array.isArray(value.shape)
          ? [[`${path}${key}`, [...value.data]] as const]
          : flat(value, `${path}${key}/`),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
  /** Overwrites all arrays, as a caller may do. */
  const scribble = (tree: object): void =>
    Object.values(tree).forEach((value: NDArray) =>
      Array.isArray(value.shape) ? value.data.fill(77) : scribble(value),
    );
  const walk = (program: Small, from: number, to: number): Promise<Made<NDArray>[]> =>
    Promise.all(Array.from({ length: to - from }, (_, i) => program.step(feedOf(from + i))));
  /** Calls a program of either kind: what it throws becomes a rejection. */
  const called = async <V>(call: () => V | Promise<V>): Promise<V> => call();

  describe(`engine ${title}`, () => {
    test("has a name and a number of threads", async () => {
      const { name, threads } = await make();
      expect(name).toMatch(/\S/);
      expect(threads).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(threads)).toBe(true);
    });

    test("traces a step once, when it compiles, and never calls it again", async () => {
      let calls = 0;
      const program = compiled(await make(), startOf(), (...given) => {
        calls++;
        return step(...given);
      });
      await walk(program, 0, 3);
      expect(calls).toBe(1);
    });

    test("computes the first step as plain JavaScript does", async () => {
      const program = compiled(await make());
      const { params, slots } = startOf();
      const { x, target, rate } = feedOf(0) as Fed<number> & Fed<Elements>;
      const error = Array.from({ length: 4 }, (_, i) =>
        [0, 1, 2].reduce(
          (sum, j) => sum + params.w.data[j]! * x[3 * i + j]!,
          params.b.data[0]! - target[i]!,
        ),
      );
      const w = [0, 1, 2].map(
        (j) => 0.9 * slots.w.data[j]! + error.reduce((sum, e, i) => sum + e * x[3 * i + j]!, 0),
      );
      const b = 0.9 * slots.b.data[0]! + error.reduce((sum, e) => sum + e, 0);
      const { loss, residual } = await program.step(feedOf(0));
      const after = await program.state();
      expectClose(loss.data, [Math.hypot(...error)], tolerance, "loss");
      expectClose(
        residual.each.data,
        error.map((e) => Math.max(Math.abs(e), 0.01)),
        tolerance,
        "residual",
      );
      expectClose(after.slots.w.data, w, tolerance, "slots/w");
      expectClose(after.slots.b.data, [b], tolerance, "slots/b");
      expectClose(
        after.params.w.data,
        w.map((moved, j) => params.w.data[j]! - rate * moved),
        tolerance,
        "params/w",
      );
      expectClose(after.params.b.data, [params.b.data[0]! - rate * b], tolerance, "params/b");
    });

    test("keeps names, shapes and dtypes", async () => {
      const program = compiled(await make());
      const { loss, residual } = await program.step(feedOf(0));
      const specs = (tree: object): string =>
        JSON.stringify(tree, (_, value: NDArray) =>
          Array.isArray(value.shape) ? `${value.dtype} ${value.shape.join(" × ")}` : value,
        );
      expect(specs(await program.state())).toBe(specs(startOf()));
      expect([[...loss.shape], [...residual.each.shape], loss.dtype]).toEqual([
        [],
        [4, 1],
        "float32",
      ]);
    });

    test("inputs and outputs are copies", async () => {
      const engine = await make();
      const start = startOf();
      const [program, untouched] = [compiled(engine, start), compiled(engine)];
      scribble(start);
      for (let i = 0; i < 3; i++) {
        const feed = feedOf(i);
        const out = await program.step(feed);
        const expected = await untouched.step(feedOf(i));
        expect(flat(out), `outputs of step ${i}`).toEqual(flat(expected));
        (feed.x as Float32Array).fill(77);
        scribble(out);
        scribble(await program.state());
        expect(flat(await program.state()), `state after step ${i}`).toEqual(
          flat(await untouched.state()),
        );
      }
      const saved = await program.state();
      await program.load(saved);
      scribble(saved);
      expect(flat(await program.state()), "after load").toEqual(flat(await untouched.state()));
    });

    test("outputs stay what they were while steps go on", async () => {
      const program = compiled(await make());
      const first = await program.step(feedOf(0));
      const kept = flat(first);
      await walk(program, 1, 4);
      expect(flat(first)).toEqual(kept);
    });

    test("a saved state goes on to the same bits, in this program and in another", async () => {
      const engine = await make();
      const program = compiled(engine);
      const other = compiled(await make(), startOf());
      await walk(program, 0, 3);
      const saved = await program.state();
      const outputs = (await walk(program, 3, 6)).map((output) => flat(output));
      const end = flat(await program.state());
      for (const resumed of [program, other]) {
        await resumed.load(saved);
        expect((await walk(resumed, 3, 6)).map((output) => flat(output))).toEqual(outputs);
        expect(flat(await resumed.state())).toEqual(end);
      }
    });

    test("an encoded array stands for its values", async () => {
      const engine = await make();
      const encodedOf = (bytes: Uint8Array, palette: Float32Array, values: Float32Array): NDArray =>
        Object.defineProperty(
          { shape: [4, 3], dtype: "float32" as const, data: values },
          "encoded",
          { value: () => ({ bytes, palette }) },
        );
      for (const channels of [1, 3, 40]) {
        const [program, other] = [compiled(engine), compiled(engine)];
        const palette = array([256 * channels], 5).data as Float32Array;
        for (const [turn, seed] of [71, 13].entries()) {
          const bytes = Uint8Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? 0 : seed * i));
          const values = Float32Array.from(
            bytes,
            (byte, i) => palette[256 * (i % channels) + byte]!,
          );
          expect(
            flat(
              await program.step({
                ...feedOf(turn),
                x: encodedOf(bytes, palette, values) as never,
              }),
            ),
          ).toEqual(flat(await other.step({ ...feedOf(turn), x: values })));
        }
        expect(flat(await program.state())).toEqual(flat(await other.state()));
      }
    });

    test("two programs do not disturb each other", async () => {
      const engine = await make();
      const alone = compiled(engine);
      const [a, b] = [compiled(engine), compiled(engine)];
      await walk(alone, 0, 3);
      for (let i = 0; i < 3; i++) {
        await a.step(feedOf(i));
        await b.step(feedOf(50 + i));
      }
      expect(flat(await a.state())).toEqual(flat(await alone.state()));
    });

    test("refuses a step that is no function, or does not return state and outputs", async () => {
      const engine = await make();
      const compile = (step: unknown) => (): unknown => engine.compile(step as never, {}, {});
      expect(compile(null)).toThrow(refusal("compile: expected step as a function, got null"));
      const returns = refusal("compile: expected step to return { state, outputs }, got ");
      for (const result of [undefined, null, 3, {}, { state: {} }, { outputs: {} }])
        expect(compile(() => result)).toThrow(returns);
    });

    test("refuses wrong states and feeds, and keeps its state", async () => {
      const program = compiled(await make());
      const before = flat(await program.state());
      const { params, slots } = startOf();
      const states: readonly object[] = [
        { params },
        { params, slots, more: params.b },
        { params: { ...params, w: array([4], 1) }, slots },
        { params: { weight: params.w, b: params.b }, slots },
      ];
      for (const wrong of states)
        await expect(
          called(() => program.load(wrong as Numbered)),
          JSON.stringify(Object.keys(wrong)),
        ).rejects.toThrow(/expected/);
      const { x, target, rate } = feedOf(0);
      for (const wrong of [
        { x, target },
        { x: [1, 2, 3], target, rate },
        { x, target, rate: [1, 2] },
      ])
        await expect(
          called(() => program.step(wrong as Fed<number>)),
          JSON.stringify(Object.keys(wrong)),
        ).rejects.toThrow(/expected/);
      expect(flat(await program.state())).toEqual(before);
    });

    if (oracle)
      test("agrees with its oracle, step after step", async () => {
        const [ours, theirs] = [compiled(await make()), compiled(oracle)];
        for (let i = 0; i < 10; i++) {
          const [actual, expected] = [
            flat(await ours.step(feedOf(i))),
            flat(await theirs.step(feedOf(i))),
          ];
          for (const [k, [path, values]] of expected.entries())
            expectClose(actual[k]![1], values, tolerance, `step ${i}, ${path}`);
        }
        const state = flat(await ours.state());
        for (const [k, [path, values]] of flat(await theirs.state()).entries())
          expectClose(state[k]![1], values, tolerance, path);
      });
  });
}
