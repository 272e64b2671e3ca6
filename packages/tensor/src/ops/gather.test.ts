import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import type { Tensor } from "../tensor.js";
import { gather, oneHot, scatterAdd, scatterAlong, takeAlong } from "./gather.js";
import { arange, tensor, zeros } from "./leaf.js";

const ints = (shape: readonly number[], ...data: number[]): Tensor =>
  tensor(Int32Array.from(data), shape);
const list = (x: Tensor): number[] => [...x.data()];

test("gather picks rows, or columns, and takes the shape of its indices", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(gather(x, ints([2, 2], 2, 0, 0, 1))).toMatchObject({ shape: [2, 2, 2], dtype: "float32" });
  expect(list(gather(x, ints([2, 2], 2, 0, 0, 1)))).toEqual([5, 6, 1, 2, 1, 2, 3, 4]);
  expect(list(gather(x, ints([3], 1, 1, 0), -1))).toEqual([2, 2, 1, 4, 4, 3, 6, 6, 5]);
  expect(gather(x, ints([], 1)).shape).toEqual([2]);
  expect(gather(x, ints([0])).shape).toEqual([0, 2]);
  expect(gather(ints([2], 7, 8), ints([1], 1)).dtype).toBe("int32");
});

test("takeAlong picks one value for each index", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(list(takeAlong(x, ints([2, 1], 2, 0), 1))).toEqual([3, 4]);
  expect(list(takeAlong(x, ints([1, 3], 0, 1, 0), 0))).toEqual([1, 5, 3]);
  expect(takeAlong(x, ints([2, 0]), 1).shape).toEqual([2, 0]);
});

test("scatterAdd sums rows by group, scatterAlong single values", () => {
  expect(list(scatterAdd(tensor([1, 2, 3, 4]), ints([4], 0, 2, 0, 2), 3))).toEqual([4, 0, 6]);
  expect(
    list(
      scatterAdd(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        ints([2], 1, 1),
        2,
        1,
      ),
    ),
  ).toEqual([0, 3, 0, 7]);
  expect(
    list(
      scatterAlong(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        ints([2, 2], 1, 1, 0, 2),
        3,
        1,
      ),
    ),
  ).toEqual([0, 3, 0, 3, 0, 4]);
});

const drawn = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .chain(([outer, n, inner]) =>
    fc.tuple(
      fc.constant([outer, n, inner] as const),
      fc.array(fc.integer({ min: 0, max: n - 1 }), { maxLength: 5 }),
    ),
  );
test("scattering is gathering's adjoint: ⟨gather x, y⟩ = ⟨x, scatterAdd y⟩", () =>
  fc.assert(
    fc.property(drawn, ([[outer, n, inner], picked]) => {
      const x = tensor(testValues([outer, n, inner]));
      const y = tensor(testValues([outer, picked.length, inner], 9));
      const indices = ints([picked.length], ...picked);
      const left = gather(x, indices, 1).mul(y).sum().item();
      const right = x
        .mul(scatterAdd(y, indices, n, 1))
        .sum()
        .item();
      expect(left).toBeCloseTo(right, 4);
      const along = ints(
        [outer, picked.length, inner],
        ...Array.from({ length: outer * picked.length * inner }, (_, i) => (i * 7) % n),
      );
      expect(takeAlong(x, along, 1).mul(y).sum().item()).toBeCloseTo(
        x
          .mul(scatterAlong(y, along, n, 1))
          .sum()
          .item(),
        4,
      );
    }),
  ));

test("gradients of finite differences, and theirs, also where an index comes twice", () => {
  const indices = ints([3], 1, 0, 1);
  gradcheck((x) => gather(x, indices), [testValues([2, 2])]);
  gradcheck((x) => gather(x.square(), indices, 1), [testValues([2, 3])]);
  gradcheck((x) => takeAlong(x.square(), ints([3, 2], 1, 0, 1, 1, 0, 0), 0), [testValues([2, 2])]);
  gradcheck((x) => scatterAdd(x.square(), indices, 4), [testValues([3, 2])]);
  gradcheck((x) => scatterAlong(x.square(), ints([2, 2], 1, 1, 0, 2), 3, -1), [testValues([2, 2])]);
  gradcheck((x) => gather(x, ints([0])), [testValues([2])]);
  const table = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(list(gradients(gather(table, indices).sum(), table))).toEqual([1, 1, 2, 2]);
});

test("oneHot: a one at each index, none outside", () => {
  const y = oneHot(ints([3], 2, 0, 5), 3);
  expect(y).toMatchObject({ shape: [3, 3], dtype: "float32" });
  expect(list(y)).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0]);
  expect(oneHot(ints([], 1), 2).shape).toEqual([2]);
});

test("unfitting arguments are refused by name", () => {
  const x = zeros([3, 2]);
  expect(() => gather(x, tensor([0]))).toThrow(
    "gather: expected int32 indices, got float32; cast them",
  );
  expect(() => gather(x, ints([1], 3)).data()).toThrow(
    "gather: expected indices below 3, the size of the axis, got 3",
  );
  expect(() => gather(x, ints([1], -1)).data()).toThrow("got -1");
  expect(() => takeAlong(x, ints([2], 0, 0), 0)).toThrow(
    "takeAlong: expected indices of shape [3, 2] but for axis 0, got [2]",
  );
  expect(() => takeAlong(x, ints([1, 2], 0, 7), 0).data()).toThrow(
    "takeAlong: expected indices below 3",
  );
  expect(() => scatterAdd(x, ints([2], 0, 1), 3)).toThrow(
    "scatterAdd: expected 3 indices, as many as axis 0 of [3, 2] has, got [2]",
  );
  expect(() => scatterAdd(x, ints([3], 0, 1, 4), 3).data()).toThrow(
    "scatterAdd: expected indices below 3",
  );
  expect(() => scatterAlong(x, arange(2), 3, 0)).toThrow(
    "scatterAlong: expected indices of shape [3, 2], got [2]",
  );
  expect(() => oneHot(arange(2), -1)).toThrow(
    "oneHot: expected sizes that are integers ≥ 0, got [-1]",
  );
});
