import type { Json, Metric, NDArray } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { expectClose } from "./expectClose.js";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";

/** Examples for a metric: the first axis of both is the batch. */
export interface MetricExamples {
  readonly predictions: NDArray;
  readonly targets: NDArray;
}

/**
 * What every Metric promises: the same result however the examples are batched, from a state that
 * is plain data and never changed; and an example of weight k counts as k examples would.
 */
export function metricSuite<S extends Json>(
  title: string,
  metric: Metric<S>,
  { predictions, targets }: MetricExamples,
): void {
  const n = predictions.shape[0]!;
  const run = (cuts: readonly number[], between: (state: S) => S = (state) => state): S => {
    const places = [0, ...[...cuts].sort((a, b) => a - b), n];
    let state = metric.start;
    for (let i = 1; i < places.length; i++)
      state = between(
        metric.update(
          state,
          part(predictions, places[i - 1]!, places[i]!),
          part(targets, places[i - 1]!, places[i]!),
        ),
      );
    return state;
  };

  describe(`metric ${title}`, () => {
    test("has a name, and a result that is a number", () => {
      expect(metric.name).toMatch(/\S/);
      expect(Number.isFinite(metric.result(run([])))).toBe(true);
    });

    test("any batches give the same result, to the last bit", () => {
      const whole = metric.result(run([]));
      const rng = source(1);
      expect(metric.result(run(Array.from({ length: n - 1 }, (_, i) => i + 1))), "one by one").toBe(
        whole,
      );
      for (let trial = 0; trial < 50; trial++) {
        const cuts = Array.from(
          { length: Math.floor(rng() * 6) },
          () => 1 + Math.floor(rng() * (n - 1)),
        );
        const distinct = [...new Set(cuts)];
        expect(metric.result(run(distinct)), `cut at ${distinct.join(", ")}`).toBe(whole);
      }
    });

    test("its state survives JSON after every batch", () => {
      throughJson(metric.start);
      const cuts = [Math.floor(n / 3), Math.floor((2 * n) / 3)];
      expect(metric.result(run(cuts, throughJson))).toBe(metric.result(run(cuts)));
    });

    test("weights of 1 are none; an example of weight 0 or 2 is as if left out or given twice", () => {
      const result = (update: (state: S) => S): number => metric.result(update(metric.start));
      const weights = (of: (i: number) => number): NDArray => ({
        shape: [n],
        dtype: "float32",
        data: Float32Array.from({ length: n }, (_, i) => of(i)),
      });
      const weighted = (of: (i: number) => number): number =>
        result((state) => metric.update(state, predictions, targets, weights(of)));
      expect(weighted(() => 1)).toBe(metric.result(run([])));
      const times = (i: number): number => (i % 5 === 3 ? 0 : i % 3 === 1 ? 2 : 1);
      expectClose(
        [weighted(times)],
        [
          result((start) => {
            let state = start;
            for (let i = 0; i < n; i++)
              for (let time = 0; time < times(i); time++)
                state = metric.update(state, part(predictions, i, i + 1), part(targets, i, i + 1));
            return state;
          }),
        ],
        1e-12,
      );
    });

    test("any batches give the same weighted result, to the last bit", () => {
      const rng = source(2);
      const weights: NDArray = {
        shape: [n],
        dtype: "float32",
        data: Float64Array.from({ length: n }, () => rng()),
      };
      const run = (...places: readonly number[]): number =>
        metric.result(
          places.slice(1).reduce((state, to, i) => {
            const cut = (array: NDArray): NDArray => part(array, places[i]!, to);
            return metric.update(state, cut(predictions), cut(targets), cut(weights));
          }, metric.start),
        );
      expect(run(0, 1, Math.ceil(n / 2), n)).toBe(run(0, n));
      const wrong = part(weights, 0, n - 1);
      expect(() => metric.update(metric.start, predictions, targets, wrong)).toThrow(
        /: expected a weight for each example, such as \[\d+\], got weights of \[\d+\] for /,
      );
    });

    test("changes neither the state it was given, nor the examples", () => {
      const before = JSON.stringify([metric.start, [...predictions.data], [...targets.data]]);
      const state = metric.update(metric.start, predictions, targets);
      const kept = JSON.stringify(state);
      metric.update(state, predictions, targets);
      metric.result(state);
      expect(JSON.stringify(state)).toBe(kept);
      expect(JSON.stringify([metric.start, [...predictions.data], [...targets.data]])).toBe(before);
    });
  });
}

function part({ shape, dtype, data }: NDArray, from: number, to: number): NDArray {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return {
    shape: [to - from, ...shape.slice(1)],
    dtype,
    data: data.slice(from * width, to * width),
  };
}
