import type { Json, Metric, NDArray } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";

/** Examples for a metric: the first axis of both is the batch. */
export interface MetricExamples {
  readonly predictions: NDArray;
  readonly targets: NDArray;
}

/**
 * What every Metric promises: the same result however the examples are batched, from a state that
 * is plain data and never changed.
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
