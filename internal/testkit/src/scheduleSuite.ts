import type { Description, Schedule } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { throughJson } from "./internal/throughJson.js";

export interface ScheduleSuiteOptions {
  /**
   * The last step that is tested: where the schedule ends, or after some periods. @defaultValue
   * 1000
   */
  readonly steps?: number;
  /** Makes it again from its description. */
  readonly fromJSON?: (description: Description) => Schedule;
}

/**
 * What every Schedule promises: a finite number for every step, also after its end, and the same
 * at every call.
 */
export function scheduleSuite(
  title: string,
  schedule: Schedule,
  { steps = 1000, fromJSON }: ScheduleSuiteOptions = {},
): void {
  const asked = [
    0,
    1,
    2,
    Math.floor(steps / 3),
    Math.floor(steps / 2),
    steps - 1,
    steps,
    steps + 1,
    2 * steps + 3,
    1e6,
    2 ** 31,
    1e12,
  ];

  describe(`schedule ${title}`, () => {
    test("is a finite number at every step, and after its end", () => {
      for (let step = 0; step <= steps; step++)
        if (!Number.isFinite(schedule(step))) expect.fail(`step ${step}: ${schedule(step)}`);
      for (const step of asked)
        expect(Number.isFinite(schedule(step)), `step ${step}: ${schedule(step)}`).toBe(true);
    });

    test("is pure: earlier calls do not matter", () => {
      const forwards = asked.map((step) => schedule(step));
      const backwards = [...asked]
        .reverse()
        .map((step) => schedule(step))
        .reverse();
      expect(backwards).toEqual(forwards);
    });

    test("has no member without a value", () =>
      expect(Object.entries(schedule).filter(([, member]) => member === undefined)).toEqual([]));

    test.runIf(fromJSON)("comes back from JSON and gives the same values", () => {
      expect(schedule.toJSON, "toJSON").toBeDefined();
      const again = fromJSON!(throughJson(schedule.toJSON!()));
      for (const step of asked) expect(again(step), `step ${step}`).toBe(schedule(step));
    });
  });
}
