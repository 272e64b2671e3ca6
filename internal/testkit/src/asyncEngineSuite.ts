import type { Arithmetic, AsyncEngine, AsyncProgram, NDArray } from "@tenon/contracts";
import { describe, expect, test } from "vitest";

type State<V> = { readonly w: V };
type Inputs<V> = { readonly x: V };
type Outputs<V> = { readonly y: V };

/**
 * What an engine that answers later promises beyond `engineSuite`: calls take effect in the order
 * in which they were made, read their arguments at once, never throw, and a call that fails stops
 * the steps behind it until a `load`.
 */
export function asyncEngineSuite<T extends Arithmetic<T>>(
  title: string,
  make: () => AsyncEngine<T>,
): void {
  const array = (...values: number[]): NDArray => ({
    shape: [2],
    dtype: "float32",
    data: Float32Array.from(values),
  });
  /** The next state is 2 w + x, the output the state before. */
  const compiled = (): AsyncProgram<
    State<NDArray>,
    Inputs<NDArray | readonly number[]>,
    Outputs<NDArray>
  > =>
    (make() as { compile: (...given: readonly unknown[]) => unknown }).compile(
      ({ w }: State<T>, { x }: Inputs<T>) => ({ state: { w: w.mul(2).add(x) }, outputs: { y: w } }),
      { w: array(1, 0) },
      { x: { shape: [2] } },
    ) as ReturnType<typeof compiled>;
  const values = async (answer: Promise<Outputs<NDArray> | State<NDArray>>): Promise<number[]> => {
    const given = await answer;
    return [...("y" in given ? given.y : given.w).data];
  };

  describe(`asynchronous engine ${title}`, () => {
    test("says how many steps to keep in flight", () => {
      expect(make().stepsInFlight).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(make().stepsInFlight)).toBe(true);
    });

    test("calls in flight take effect in order", async () => {
      const program = compiled();
      const answers = [
        values(program.step({ x: [0, 1] })),
        values(program.state()),
        values(program.step({ x: [0, 0] })),
        program.load({ w: array(7, 7) }),
        values(program.step({ x: [1, 1] })),
        values(program.state()),
      ];
      expect(await Promise.all(answers)).toEqual([
        [1, 0],
        [2, 1],
        [2, 1],
        undefined,
        [7, 7],
        [15, 15],
      ]);
    });

    test("arguments are read before a call returns", async () => {
      const program = compiled();
      const [x, w] = [array(1, 1), array(3, 3)];
      const step = program.step({ x });
      x.data.fill(NaN);
      const state = program.state();
      const loaded = program.load({ w });
      w.data.fill(NaN);
      await Promise.all([step, loaded]);
      expect(await values(state)).toEqual([3, 1]);
      expect(await values(program.state())).toEqual([3, 3]);
    });

    test("a step that fails stops those behind it until a load", async () => {
      const program = compiled();
      const first = values(program.step({ x: [0, 0] }));
      const failed = [program.step({ x: [1, 2, 3] }), program.step({ x: [5, 5] })];
      const state = values(program.state());
      const reason = expect.objectContaining({
        message: expect.stringContaining("got 3 values") as string,
      }) as Error;
      const rejected = { status: "rejected", reason };
      expect(await Promise.allSettled(failed)).toEqual([rejected, rejected]);
      await expect(program.step({ x: [6, 6] })).rejects.toThrow("got 3 values");
      expect([await first, await state]).toEqual([
        [1, 0],
        [2, 0],
      ]);
      await program.load(await program.state());
      expect(await values(program.step({ x: [0, 0] }))).toEqual([2, 0]);
      await expect(program.load({} as never)).rejects.toThrow("missing w");
      await expect(program.step({ x: [0, 0] })).rejects.toThrow("missing w");
      expect(await values(program.state())).toEqual([4, 0]);
    });
  });
}
