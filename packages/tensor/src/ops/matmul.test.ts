import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { tensor, zeros } from "./leaf.js";
import { matmul } from "./matmul.js";

test("rows times columns, as worked by hand", () => {
  expect([
    ...tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
      .matmul(
        tensor([
          [7, 8],
          [9, 10],
          [11, 12],
        ]),
      )
      .data(),
  ]).toEqual([58, 64, 139, 154]);
  expect(
    tensor([1, 2, 3])
      .matmul(tensor([4, 5, 6]))
      .item(),
  ).toBe(32);
  expect([
    ...tensor([1, 2])
      .matmul(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      )
      .data(),
  ]).toEqual([9, 12, 15]);
  expect([
    ...tensor([
      [1, 2],
      [3, 4],
    ])
      .matmul(tensor([5, 6]))
      .data(),
  ]).toEqual([17, 39]);
});

const size = fc.integer({ min: 0, max: 4 });
test("a product of stacks is the product of each pair of matrices", () =>
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.constantFrom<[number[], number[]][]>(
        [[], []],
        [[2], []],
        [[], [3]],
        [[2], [1]],
        [
          [1, 3],
          [2, 1],
        ],
        [[0], [1]],
      ),
      (m, k, n, [before, after]) => {
        const [p, q] = [testValues([...before!, m, k]), testValues([...after!, k, n], 5)];
        const program = reference({ precision: "float64" }).compile(
          (state, { a, b }: { a: Tensor; b: Tensor }) => ({ state, outputs: a.matmul(b) }),
          {},
          { a: p, b: q },
        );
        const y = program.step({ a: p, b: q });
        const rank = Math.max(before!.length, after!.length);
        const sizeAt = (list: number[], i: number): number => list[list.length - rank + i] ?? 1;
        const batch = Array.from({ length: rank }, (_, i) =>
          sizeAt(before!, i) === 1 ? sizeAt(after!, i) : sizeAt(before!, i),
        );
        expect(y.shape).toEqual([...batch, m, n]);
        let cell = 0;
        const visit = (place: number[]): void => {
          if (place.length < rank) {
            for (let i = 0; i < batch[place.length]!; i++) visit([...place, i]);
            return;
          }
          const offset = (list: number[]): number =>
            list.reduce((sum, d, i) => sum * d + (d === 1 ? 0 : place[rank - list.length + i]!), 0);
          const [a, b] = [offset(before!) * m * k, offset(after!) * k * n];
          for (let i = 0; i < m; i++)
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let l = 0; l < k; l++) sum += p.data[a + i * k + l]! * q.data[b + l * n + j]!;
              expect(y.data[cell++]).toBeCloseTo(sum, 12);
            }
        };
        visit([]);
        expect(cell).toBe(y.data.length);
      },
    ),
    { numRuns: 150 },
  ));

test("gradients, and theirs, of every combination of axes", () => {
  for (const [a, b] of [
    [
      [2, 3],
      [3, 4],
    ],
    [[3], [3]],
    [[3], [3, 2]],
    [[2, 3], [3]],
    [
      [2, 2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [2, 3, 2],
    ],
    [
      [1, 2, 3],
      [2, 3, 1],
    ],
    [
      [2, 0],
      [0, 3],
    ],
    [
      [0, 2],
      [2, 1],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ] as const)
    gradcheck(matmul, [testValues(a), testValues(b, 5)]);
  gradcheck(
    (a, b) => a.transpose().matmul(b.transpose()),
    [testValues([3, 2]), testValues([2, 3], 5)],
  );
  gradcheck((a) => a.matmul(a).matmul(a), [testValues([2, 2])]);
});

test("integers give float32", () => {
  const x = tensor(Int32Array.of(1, 2, 3, 4)).reshape([2, 2]);
  expect(x.matmul(x)).toMatchObject({ dtype: "float32" });
  expect([...x.matmul(x).data()]).toEqual([7, 10, 15, 22]);
});

test("sums nothing to zero", () =>
  expect([
    ...zeros([2, 0])
      .matmul(zeros([0, 2]))
      .data(),
  ]).toEqual([0, 0, 0, 0]));

test("shapes that do not fit are refused by name", () => {
  expect(() => zeros([2, 3]).matmul(zeros([2, 3]))).toThrow(
    "matmul: expected inner sizes that agree, got [2, 3] and [2, 3]",
  );
  expect(() => zeros([]).matmul(zeros([2]))).toThrow("multiply by a scalar with mul");
  expect(() => zeros([2, 1, 3]).matmul(zeros([3, 3, 1]))).toThrow(
    "matmul: expected shapes that broadcast, got [2] and [3]",
  );
});
