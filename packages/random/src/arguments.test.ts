import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

const u = (): number => 0.5;
type Call = (...args: readonly unknown[]) => unknown;

/** Right arguments of each function whose arguments are checked. */
const right: Readonly<Record<string, readonly unknown[]>> = {
  hashString: ["conv1"],
  integer: [u, 0, 3],
  normal: [u, 0, 1],
  permutation: [u, 3],
  random: [1],
  truncatedNormal: [u, 0, 1, -2, 2],
  uniform: [u, 0, 1],
};
/** Scalar functions of inner loops, which do not check their arguments. */
const unchecked = ["cos", "exp", "log", "pow", "sin", "threefry2x32"];
/** Its first three arguments count as 32-bit words. */
const counted = ["uniformAt"];
const wrong: readonly unknown[] = [null, "2", NaN, true, {}, [1], 1n, Symbol("x")];

test("every export is checked, or is listed as unchecked", () => {
  expect(Object.keys(exported).sort()).toEqual(
    [...Object.keys(right), ...unchecked, ...counted].sort(),
  );
});

test.each(Object.entries(right))("%s refuses arguments of another type", (name, args) => {
  const call = (exported as unknown as Readonly<Record<string, Call>>)[name]!;
  expect(() => call(...args)).not.toThrow();
  args.forEach((_, place) => {
    for (const value of wrong) {
      if (name === "hashString" && typeof value === "string") continue;
      expect(
        () => call(...args.map((arg, i) => (i === place ? value : arg))),
        `${name}, ${String(value)} as argument ${place + 1}`,
      ).toThrow(refusal(new RegExp(`^${name}: expected .*, got `)));
    }
  });
});

test("uniformAt refuses lengths of another type", () => {
  for (const length of wrong)
    expect(() => exported.uniformAt(1, 1, 1, length as never)).toThrow(
      refusal("uniformAt: expected a length that is an integer ≥ 0, got "),
    );
});
