import type { ByPath, Description, Layer, LayerPlan, NDArray, Shape } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { expectClose } from "./expectClose.js";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";

/** One batch through a layer, on any engine. */
export type LayerRun<T> = (
  layer: Layer<T>,
  given: {
    readonly x: NDArray;
    readonly params: ByPath<NDArray>;
    readonly stats: ByPath<NDArray>;
    readonly training: boolean;
    readonly seed: number;
    readonly step: number;
    readonly integers: boolean;
  },
) => { readonly y: NDArray; readonly stats: ByPath<NDArray> };

export interface LayerSuiteOptions<T> {
  /** Runs it. */
  readonly run: LayerRun<T>;
  /** Makes it again from its description. */
  readonly fromJSON?: (description: Description) => Layer<T>;
  /** Feeds it 0, 1 and 2 instead of values between -1 and 1. @defaultValue false */
  readonly integers?: boolean;
  /** The type of its description, where that is another than the layer's. */
  readonly described?: string;
  /** How closely an example alone agrees with the same example in a batch. @defaultValue 1e-10 */
  readonly tolerance?: number;
}

/**
 * What every Layer promises: outputs of the planned shape, no influence between examples in
 * inference, random numbers that depend only on the seed and the step.
 */
export function layerSuite<T>(
  title: string,
  layer: Layer<T>,
  example: Shape,
  {
    run,
    fromJSON,
    integers = false,
    described = layer.type,
    tolerance = 1e-10,
  }: LayerSuiteOptions<T>,
): void {
  const count = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
  const batch = (n: number, seed = 1): NDArray => {
    const rng = source(seed);
    const shape = [n, ...example];
    const length = count(shape);
    return integers
      ? { shape, dtype: "int32", data: Int32Array.from({ length }, () => Math.floor(3 * rng())) }
      : { shape, dtype: "float32", data: Float64Array.from({ length }, () => 2 * rng() - 1) };
  };
  const startOf = ({
    params,
    stats,
  }: LayerPlan): { params: ByPath<NDArray>; stats: ByPath<NDArray> } => {
    const rng = source(2);
    return {
      params: map(params, ({ shape, init }) => ({
        shape,
        dtype: "float32",
        data: init(shape, rng).map((value) => value + 0.1 * (rng() - 0.5)),
      })),
      stats: map(stats, ({ shape, start }) => ({
        shape,
        dtype: "float32",
        data: new Float32Array(count(shape)).fill(start),
      })),
    };
  };
  const pass = (
    x: NDArray,
    { tested = layer, training = false, seed = 3, step = 5 } = {},
  ): ReturnType<LayerRun<T>> =>
    run(tested, { x, ...startOf(tested.plan(example)), training, seed, step, integers });
  const valuesOf = ({ y, stats }: ReturnType<LayerRun<T>>): unknown => [
    [...y.data],
    sorted(stats).map(([path, { data }]) => [path, ...data]),
  ];

  describe(`layer ${title}`, () => {
    test("has the same valid plan each time", () => {
      const plan = layer.plan(example);
      expect(JSON.stringify(layer.plan([...example]))).toBe(JSON.stringify(plan));
      for (const [what, shape] of [
        ["output", plan.output],
        ...[...sorted(plan.params), ...sorted(plan.stats)].map(
          ([path, spec]) => [path, spec.shape] as const,
        ),
      ] as const) {
        expect(
          shape.every((n) => Number.isInteger(n) && n >= 1),
          `${what}: [${shape.join(", ")}]`,
        ).toBe(true);
      }
      for (const path of [...Object.keys(plan.params), ...Object.keys(plan.stats)])
        expect(path).toMatch(/^[^/\s]+(\/[^/\s]+)*$/);
      for (const [path, { shape, init }] of sorted(plan.params)) {
        const values = init(shape, source(1));
        expect(values.length, path).toBe(count(shape));
        expect(values.every(Number.isFinite), path).toBe(true);
      }
      for (const [path, { start }] of sorted(plan.stats))
        expect(Number.isFinite(start), path).toBe(true);
    });

    test("the parameters of its parts are its own, under their paths", () => {
      const { params, stats, parts = [] } = layer.plan(example);
      expect(new Set(parts.map(({ path }) => path)).size, "no two parts under one path").toBe(
        parts.length,
      );
      for (const { path, type, plan } of parts) {
        expect(type).toMatch(/^\w+$/);
        for (const [name, spec] of Object.entries(plan.params))
          expect(params[`${path}/${name}`]?.shape, `${path}/${name}`).toEqual(spec.shape);
        for (const [name, spec] of Object.entries(plan.stats))
          expect(stats[`${path}/${name}`], `${path}/${name}`).toEqual(spec);
      }
    });

    test.each([[1], [3]])(
      "has the planned output for a batch of %i, in training and inference",
      (n) => {
        const { output, stats } = layer.plan(example);
        for (const training of [false, true]) {
          const result = pass(batch(n), { training });
          expect([...result.y.shape]).toEqual([n, ...output]);
          expect(result.y.data.length).toBe(n * count(output));
          expect([...result.y.data].every(Number.isFinite)).toBe(true);
          expect(sorted(result.stats).map(([path, { shape }]) => [path, ...shape])).toEqual(
            sorted(stats).map(([path, { shape }]) => [path, ...shape]),
          );
        }
      },
    );

    test("in inference, nothing is random and statistics do not change", () => {
      const first = pass(batch(3), { seed: 1, step: 0 });
      expect(valuesOf(pass(batch(3), { seed: 2, step: 9 }))).toEqual(valuesOf(first));
      for (const [path, { data }] of sorted(startOf(layer.plan(example)).stats))
        expect([...first.stats[path]!.data], path).toEqual([...data]);
    });

    test("in inference, examples do not influence each other", () => {
      const all = batch(3);
      const { y } = pass(all);
      const width = count(example);
      const each = y.data.length / 3;
      for (let i = 0; i < 3; i++) {
        const alone = pass({
          shape: [1, ...example],
          dtype: all.dtype,
          data: all.data.slice(i * width, (i + 1) * width),
        });
        expectClose(
          alone.y.data,
          y.data.slice(i * each, (i + 1) * each),
          tolerance,
          `example ${i}`,
        );
      }
    });

    test("in training, the same seed and step give the same", () => {
      for (const [seed, step] of [
        [1, 0],
        [1, 1],
        [2, 0],
      ] as const)
        expect(valuesOf(pass(batch(3), { training: true, seed, step }))).toEqual(
          valuesOf(pass(batch(3), { training: true, seed, step })),
        );
    });

    test("its description names it and survives JSON", () => {
      expect(layer.type).toMatch(/^\w+$/);
      expect(throughJson(layer.toJSON()).type).toBe(described);
    });

    if (fromJSON)
      test("from JSON it has the same outputs", () => {
        const again = fromJSON(throughJson(layer.toJSON()));
        expect(again.toJSON()).toEqual(layer.toJSON());
        expect(JSON.stringify(again.plan(example))).toBe(JSON.stringify(layer.plan(example)));
        for (const training of [false, true])
          expect(valuesOf(pass(batch(3), { tested: again, training }))).toEqual(
            valuesOf(pass(batch(3), { training })),
          );
      });
  });
}

function map<V, W>(byPath: ByPath<V>, make: (value: V) => W): ByPath<W> {
  return Object.fromEntries(Object.entries(byPath).map(([path, value]) => [path, make(value)]));
}

function sorted<V>(byPath: ByPath<V>): [string, V][] {
  return Object.entries(byPath).sort(([a], [b]) => (a < b ? -1 : 1));
}
