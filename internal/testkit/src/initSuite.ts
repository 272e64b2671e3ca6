import type { Description, Init, Shape } from "@tenon/contracts";
import { describe, expect, test, vi } from "vitest";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";
import { refusal } from "./refusal.js";

export interface InitSuiteOptions {
  /** Shapes it must fill. @defaultValue [4, 3], [3, 3, 2, 4], [1, 1], [64, 10] */
  readonly shapes?: readonly Shape[];
  /** Makes it again from its description. */
  readonly fromJSON?: (description: Description) => Init;
}

/**
 * What every Init promises: as many values as the shape has, finite, drawn from the given source
 * and from nothing else.
 */
export function initSuite(
  title: string,
  init: Init,
  {
    shapes = [
      [4, 3],
      [3, 3, 2, 4],
      [1, 1],
      [64, 10],
    ],
    fromJSON,
  }: InitSuiteOptions = {},
): void {
  describe(`init ${title}`, () => {
    test.each(shapes.map((shape) => [shape.join(" × "), shape] as const))(
      "fills %s with finite values",
      (_, shape) => {
        const values = init(shape, source(1));
        expect(Object.prototype.toString.call(values)).toBe("[object Float32Array]");
        expect(values.length).toBe(shape.reduce((product, size) => product * size, 1));
        expect(values.every(Number.isFinite)).toBe(true);
      },
    );

    test("the same shape and source give the same values, in an array of their own", () => {
      for (const shape of shapes) {
        const first = init(shape, source(7));
        const kept = first.slice();
        const second = init(shape, source(7));
        expect(second).toEqual(kept);
        second.fill(-1);
        expect(first).toEqual(kept);
      }
    });

    test("reads no other source", () => {
      const spy = vi.spyOn(Math, "random");
      try {
        for (const shape of shapes) init(shape, source(3));
        expect(spy).not.toHaveBeenCalled();
      } finally {
        spy.mockRestore();
      }
    });

    test.runIf(init.toJSON)("names itself in an error about its arguments", () => {
      const by = new RegExp(`^${init.toJSON!().type}: expected `);
      for (const shape of [undefined, null, 3, "x", true, {}, ["x"], [1.5, 2], [-1, 2]])
        expect(() => init(shape as never, source(1)), String(shape)).toThrow(refusal(by));
      for (const rng of [undefined, null, 3, "x", {}, () => 1, () => "x"])
        try {
          init(shapes[0]!, rng as never);
        } catch (error) {
          expect((error as Error).message).toMatch(by);
        }
    });

    test.runIf(fromJSON)("comes back from JSON and gives the same values", () => {
      expect(init.toJSON, "toJSON").toBeDefined();
      const again = fromJSON!(throughJson(init.toJSON!()));
      for (const shape of shapes) expect(again(shape, source(5))).toEqual(init(shape, source(5)));
    });
  });
}
