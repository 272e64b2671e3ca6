import type { Json, Stopper } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";
import { refusal } from "./refusal.js";

/**
 * What every Stopper promises: decisions that follow from the values alone, from a state that is
 * plain data and never changed.
 */
export function stopperSuite<S extends Json>(title: string, stopper: Stopper<S>): void {
  const runs = Array.from({ length: 20 }, (_, seed) => {
    const rng = source(seed);
    return Array.from({ length: 30 }, (_, epoch) => Math.exp(-epoch / 5) + 0.3 * rng());
  });
  const decisions = (
    values: readonly number[],
    between: (state: S) => S = (state) => state,
  ): string[] => {
    let state = stopper.start;
    return values.map((value, i) => {
      const decision = stopper.observe(state, value, i + 1);
      state = between(decision.state);
      return `${decision.best ? "best" : ""} ${decision.stop ? "stop" : ""}`;
    });
  };

  describe(`stopper ${title}`, () => {
    test("names the monitored value", () => {
      expect(stopper.monitor).toMatch(/^\w+(\.\w+)*$/);
      expect(typeof stopper.restoreBest).toBe("boolean");
    });

    test("refuses what is no value", () => {
      for (const value of [undefined, null, "1", [1], true])
        expect(() => stopper.observe(stopper.start, value as never, 1)).toThrow(
          refusal("the monitored value as a number"),
        );
    });

    test("the first value is the best so far, and the run goes on", () => {
      for (const [first] of runs)
        expect(stopper.observe(stopper.start, first!, 1)).toMatchObject({
          best: true,
          stop: false,
        });
    });

    test("the same values give the same decisions, also with the state as JSON", () => {
      throughJson(stopper.start);
      for (const values of runs) {
        expect(decisions(values)).toEqual(decisions(values));
        expect(decisions(values, throughJson)).toEqual(decisions(values));
      }
    });

    test("does not change the state it was given", () => {
      let state = stopper.start;
      for (const [i, value] of runs[0]!.entries()) {
        const kept = JSON.stringify(state);
        const decision = stopper.observe(state, value, i + 1);
        expect(JSON.stringify(state)).toBe(kept);
        state = decision.state;
      }
    });
  });
}
