import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "./backend.js";
import type { Buffer } from "./memory.js";
import { inOrder, spread, usesBy } from "./spread.js";

interface TestKernel {
  readonly name: string;
  readonly scratch: number;
  readonly flops: number;
}

const step = (
  name: string,
  operands: readonly Buffer[],
  writes: readonly number[],
  flops = 1e7,
): Step<TestKernel> => ({
  kernel: { name, scratch: 0, flops },
  operands,
  writes,
  label: name,
  fused: 1,
});
const isFixed = ({ name }: TestKernel): boolean => name === "fixed";
const names = (steps: readonly { readonly label: string }[]): string =>
  steps.map(({ label }) => label).join(" ");

test("steps of two networks take turns, and a step between two others waits for none", () => {
  const chain = (name: string): Step<TestKernel>[] => {
    const [a, b, c, d] = [1, 2, 3, 4].map((bytes): Buffer => ({ bytes }));
    return [[a], [b, a], [c, b], [d, c]].map((operands, i) =>
      step(`${name}${i}`, operands as Buffer[], [0]),
    );
  };
  expect(names(spread([...chain("a"), ...chain("b")], isFixed))).toBe("a0 b0 a1 b1 a2 b2 a3 b3");
  expect(names(spread(chain("a"), isFixed))).toBe("a0 a1 a2 a3");
  const update = step("update", [{ bytes: 4 }], [0]);
  expect(names(spread([...chain("a"), update], isFixed))).toBe("a0 update a1 a2 a3");
});

test("checks of several steps set the same words in any order, after one has set them to 1", () => {
  const words: Buffer = { bytes: 8, words: 8 };
  const [a, b] = [{ bytes: 1 }, { bytes: 2 }];
  const uses = (operands: readonly Buffer[], writes: readonly number[]): unknown =>
    usesBy({ operands, writes }).map(([, use]) => use);
  expect(uses([words], [0])).toEqual(["write"]);
  expect(uses([a, words], [1])).toEqual(["read", "mark"]);
  const ones = step("ones", [words], [0], 0);
  const [first, second] = [a, b].map((x, i) => [
    step(`a${i}`, [x], [0]),
    step(`check${i}`, [x, words], [1]),
  ]);
  const last = step("last", [{ bytes: 3 }, words], [0]);
  expect(names(spread([ones, ...first!, ...second!, last], isFixed))).toBe(
    "ones a0 a1 check0 check1 last",
  );
});

test("what reads or replaces a buffer stays behind what wrote or read it; fixed steps stay", () => {
  const buffers = [1, 2, 3, 4, 5, 6].map((bytes): Buffer => ({
    bytes,
    ...(bytes > 5 && { words: bytes }),
  }));
  const anyStep = fc
    .record({
      operands: fc.array(fc.constantFrom(...buffers), { minLength: 1, maxLength: 4 }),
      written: fc.nat(3),
      flops: fc.nat(1e6),
      name: fc.constantFrom("a", "b", "c", "d", "e", "fixed"),
    })
    .map(({ operands, written, flops, name }) =>
      step(name, operands, [written % operands.length], flops),
    );
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const result = spread(steps, isFixed);
      expect(new Set(result)).toEqual(new Set(steps));
      expect(result).toHaveLength(steps.length);
      const place = steps.map((each) => result.indexOf(each));
      steps.forEach((later, j) =>
        steps.slice(0, j).forEach((earlier, i) => {
          const meet = usesBy(earlier).some(([a, one]) =>
            usesBy(later).some(([b, other]) => a === b && inOrder(one, other)),
          );
          if (meet || isFixed(earlier.kernel) || isFixed(later.kernel))
            expect(place[i]).toBeLessThan(place[j]!);
        }),
      );
    }),
  );
});
