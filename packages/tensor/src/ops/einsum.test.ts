import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { sizeOf, stridesOf } from "../shapes.js";
import { einsum } from "./einsum.js";
import { ones, tensor } from "./leaf.js";

const letters = ["a", "b", "c", "d"];
const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 1, d: 4 };
const shapeOf = (term: string): number[] => [...term].map((label) => sizes[label]!);

/** The sum that an equation means, over all labels at once. */
function byLoops(
  terms: readonly string[],
  output: string,
  data: readonly ArrayLike<number>[],
): number[] {
  const all = [...new Set(terms.join(""))];
  const result = new Array<number>(sizeOf(shapeOf(output))).fill(0);
  const offset = (term: string, at: ReadonlyMap<string, number>): number => {
    const strides = stridesOf(shapeOf(term));
    return [...term].reduce((sum, label, i) => sum + at.get(label)! * strides[i]!, 0);
  };
  const total = sizeOf(all.map((label) => sizes[label]!));
  for (let i = 0; i < total; i++) {
    let rest = i;
    const at = new Map(
      all.map((label) => {
        const here = rest % sizes[label]!;
        rest = Math.floor(rest / sizes[label]!);
        return [label, here] as const;
      }),
    );
    result[offset(output, at)]! += terms.reduce(
      (product, term, k) => product * data[k]![offset(term, at)]!,
      1,
    );
  }
  return result;
}

test("is the sum over all labels, for any equation of one to three operands", () =>
  fc.assert(
    fc.property(
      fc
        .array(fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        })
        .chain((terms) =>
          fc.tuple(
            fc.constant(terms),
            fc.shuffledSubarray([...new Set(terms.join(""))]).map((labels) => labels.join("")),
          ),
        ),
      ([terms, output]) => {
        const data = terms.map((term, k) => testValues(shapeOf(term), 3 * k + 1).data);
        const y = einsum(
          `${terms.join(",")}->${output}`,
          ...terms.map((term, k) => tensor([...data[k]!], shapeOf(term))),
        );
        expect(y.shape).toEqual(shapeOf(output));
        byLoops(terms, output, data).forEach((right, i) =>
          expect(Math.abs(y.data()[i]! - right)).toBeLessThan(1e-4 * Math.max(1, Math.abs(right))),
        );
      },
    ),
    { numRuns: 60 },
  ));

test("without an output, labels that occur once, in order; spaces mean nothing", () => {
  const [a, b] = [ones([2, 3]), ones([3, 4])];
  expect(einsum("ji, ik", a, b).shape).toEqual([2, 4]);
  expect(einsum("ba", a).shape).toEqual([3, 2]);
  expect(einsum("ii", ones([3, 3])).item()).toBe(3);
});

test("axes under dots broadcast", () => {
  expect(einsum("...ij,...jk->...ik", ones([5, 1, 2, 3]), ones([4, 3, 2])).shape).toEqual([
    5, 4, 2, 2,
  ]);
  expect(einsum("...i->...", ones([2, 3, 4])).data()).toEqual(new Float32Array(6).fill(4));
  expect(einsum("i...,i...", ones([3, 2]), ones([3, 1])).data()).toEqual(Float32Array.of(3, 3));
});

test("its gradients", () => {
  gradcheck(
    (a, b) => einsum("bhqd,bhkd->bqhk", a, b),
    [testValues([1, 2, 2, 2]), testValues([1, 2, 3, 2])],
  );
  gradcheck((a) => einsum("iij->j", a), [testValues([2, 2, 3])]);
});

test.each([
  ["ij,jk->ik", [ones([2, 3])], "as many tensors as"],
  ["ij", [ones([2])], '"ij" to name each axis, got [2]'],
  [
    "ij->ijk",
    [ones([2, 3])],
    'an output whose labels are those of the operands, each once, got "k"',
  ],
  ["i,i->", [ones([2]), ones([3])], 'one size for "i" in "i,i->", got 2 and 3'],
  ["i->j->k", [ones([2])], "an equation such as"],
  ["i1", [ones([2])], "an equation such as"],
])("refuses %s", (equation, operands, message) => {
  expect(() => einsum(equation, ...operands)).toThrow(`einsum: expected ${message}`);
});
