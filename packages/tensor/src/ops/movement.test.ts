import fc from "fast-check";
import { expect, test } from "vitest";
import { pad, slice } from "./movement.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { arange, tensor, zeros } from "./leaf.js";
import * as m from "./movement.js";

const list = (x: Tensor): number[] => [...x.data()];
const shapes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
/** The value at a place, of a tensor that holds its own row-major indices. */
const counting = (shape: readonly number[]): Tensor => arange(sizeOf(shape)).reshape(shape);
const places = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (all, n) => all.flatMap((place) => Array.from({ length: n }, (_, i) => [...place, i])),
    [[]],
  );
const flatIndex = (shape: readonly number[], place: readonly number[]): number =>
  shape.reduce((sum, n, i) => sum * n + place[i]!, 0);

test("transpose moves each cell to its place", () =>
  fc.assert(
    fc.property(
      shapes.chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.shuffledSubarray(
            shape.map((_, i) => i),
            { minLength: shape.length },
          ),
        ),
      ),
      ([shape, order]) => {
        const y = counting(shape).transpose(order);
        expect(y.shape).toEqual(order.map((axis) => shape[axis]));
        expect(list(y)).toEqual(
          places(y.shape).map((place) =>
            flatIndex(
              shape,
              shape.map((_, axis) => place[order.indexOf(axis)]!),
            ),
          ),
        );
      },
    ),
  ));

test("slice reads start, start + step, … before end", () =>
  fc.assert(
    fc.property(
      shapes.chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.tuple(
            ...shape.map(() =>
              fc.tuple(
                fc.integer({ min: -4, max: 4 }),
                fc.integer({ min: -4, max: 4 }),
                fc.integer({ min: 1, max: 3 }),
              ),
            ),
          ),
        ),
      ),
      ([shape, cuts]) => {
        const y = slice(
          counting(shape),
          cuts.map((c) => c[0]),
          cuts.map((c) => c[1]),
          cuts.map((c) => c[2]),
        );
        // JavaScript's own slice has the same positions.
        const kept = shape.map((n, i) =>
          Array.from({ length: n }, (_, k) => k)
            .slice(cuts[i]![0], cuts[i]![1])
            .filter((_, k) => k % cuts[i]![2] === 0),
        );
        expect(y.shape).toEqual(kept.map((k) => k.length));
        expect(list(y)).toEqual(
          places(y.shape).map((place) =>
            flatIndex(
              shape,
              place.map((p, i) => kept[i]![p]!),
            ),
          ),
        );
      },
    ),
    { numRuns: 200 },
  ));

test("pad surrounds with a value, and slice removes it again", () =>
  fc.assert(
    fc.property(
      shapes.chain((shape) =>
        fc.tuple(fc.constant(shape), fc.tuple(...shape.map(() => fc.tuple(fc.nat(2), fc.nat(2))))),
      ),
      ([shape, widths]) => {
        const y = pad(counting(shape), widths, -7);
        expect(y.shape).toEqual(shape.map((n, i) => n + widths[i]![0] + widths[i]![1]));
        expect(list(y)).toEqual(
          places(y.shape).map((place) => {
            const inner = place.map((p, i) => p - widths[i]![0]);
            return inner.every((p, i) => p >= 0 && p < shape[i]!) ? flatIndex(shape, inner) : -7;
          }),
        );
        const back = slice(
          y,
          widths.map(([low]) => low),
          widths.map(([low], i) => low + shape[i]!),
        );
        expect(list(back)).toEqual(list(counting(shape)));
      },
    ),
  ));

test("broadcastTo repeats", () => {
  expect(list(tensor([1, 2]).broadcastTo([2, 2]))).toEqual([1, 2, 1, 2]);
  expect(list(tensor([[1], [2]]).broadcastTo([2, 3]))).toEqual([1, 1, 1, 2, 2, 2]);
  expect(list(tensor(5).broadcastTo([3]))).toEqual([5, 5, 5]);
  expect(tensor([1]).broadcastTo([0]).shape).toEqual([0]);
  expect(() => tensor([1, 2]).broadcastTo([1])).toThrow("broadcastTo: expected");
  expect(() => tensor([[1], [2]]).broadcastTo([2])).toThrow(
    "broadcastTo: expected a shape that [2, 1] broadcasts to, got [2]",
  );
  expect(() => tensor([1]).broadcastTo([-1])).toThrow(
    "broadcastTo: expected sizes that are integers ≥ 0, got [-1]",
  );
});

test("concat and stack", () => {
  expect(list(m.concat([tensor([[1], [3]]), tensor([[2], [4]])], 1))).toEqual([1, 2, 3, 4]);
  expect(m.concat([zeros([0, 2]), zeros([3, 2]), zeros([0, 2])]).shape).toEqual([3, 2]);
  expect(m.concat([arange(2), tensor([0.5])]).dtype).toBe("float32");
  expect(m.concat([arange(2), arange(1)]).dtype).toBe("int32");
  expect(list(m.stack([tensor([1, 2]), tensor([3, 4])]))).toEqual([1, 2, 3, 4]);
  expect(list(m.stack([tensor([1, 2]), tensor([3, 4])], -1))).toEqual([1, 3, 2, 4]);
  expect(m.stack([tensor(1), tensor(2)]).shape).toEqual([2]);
});

test("reshape, expandDims and squeeze keep the values", () => {
  const x = arange(6);
  expect(x.reshape([2, -1]).shape).toEqual([2, 3]);
  expect(x.reshape([-1]).shape).toEqual([6]);
  expect(zeros([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
  expect(list(x.reshape([3, 2]))).toEqual([0, 1, 2, 3, 4, 5]);
  expect([x.expandDims(0).shape, x.expandDims(-1).shape, x.expandDims(1).shape]).toEqual([
    [1, 6],
    [6, 1],
    [6, 1],
  ]);
  expect(zeros([1, 2, 1]).squeeze().shape).toEqual([2]);
  expect(zeros([1, 2, 1]).squeeze(-1).shape).toEqual([1, 2]);
  expect(zeros([1, 2, 1]).squeeze([0, 2]).shape).toEqual([2]);
});

test("a shape that is changed later does not change the tensor", () => {
  const shape = [2, 3];
  const x = arange(6).reshape(shape);
  const y = tensor(new Float32Array(6), shape);
  const z = zeros(shape);
  shape[0] = 9;
  expect([x.shape, y.shape, z.shape]).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
});

test("gradients of finite differences, and theirs", () => {
  gradcheck((x) => x.square().reshape([3, 2]), [testValues([2, 3])]);
  gradcheck((x) => x.square().transpose([2, 0, 1]), [testValues([2, 3, 1])]);
  gradcheck((x) => x.square().transpose(), [testValues([2, 3])]);
  gradcheck((x) => x.square().broadcastTo([2, 3, 2]), [testValues([3, 1])]);
  gradcheck((x) => x.square().broadcastTo([0, 3]), [testValues([3])]);
  for (const [start, end, step] of [
    [[1], [4], [2]],
    [[0], [5], [3]],
    [[4], [5], [1]],
    [[2], [2], [1]],
    [[2], [2], [3]],
    [[0], [0], [3]],
  ])
    gradcheck((x) => slice(x.square(), start!, end, step), [testValues([5, 2])]);
  gradcheck((x) => slice(x.square(), [0, -2], [-1], [2, 1]), [testValues([4, 3])]);
  gradcheck(
    (x) =>
      pad(
        x.square(),
        [
          [1, 0],
          [0, 2],
        ],
        3,
      ),
    [testValues([2, 2])],
  );
  gradcheck((x) => pad(x.square(), [[1, 2]]), [testValues([0])]);
  gradcheck(
    (a, b) => m.concat([a, b.square(), a.mul(a)], 1),
    [testValues([2, 2]), testValues([2, 1], 5)],
  );
  gradcheck((a, b) => m.stack([a.square(), b], 1), [testValues([2]), testValues([2], 5)]);
  gradcheck((x) => x.square().expandDims(0).squeeze(0), [testValues([3])]);
});

test("integers stay integers, but for a fraction around them", () => {
  expect(pad(arange(2), [[1, 1]], 5).dtype).toBe("int32");
  expect(list(pad(arange(2), [[1, 1]], 0.5))).toEqual([0.5, 0, 1, 0.5]);
  expect(list(pad(arange(1), [[1, 0]], -Infinity))).toEqual([-Infinity, 0]);
});

test("unfitting arguments are refused by name", () => {
  const x = zeros([2, 3]);
  expect(() => x.reshape([4])).toThrow(
    "reshape: expected a shape of 6 values (that of [2, 3]), got [4]",
  );
  expect(() => x.reshape([-1, -1])).toThrow("reshape: expected a shape of 6 values");
  expect(() => x.reshape([-1, 4])).toThrow("reshape: expected");
  expect(() => x.transpose([0, 0])).toThrow("transpose: expected each of 2 axes once, got [0, 0]");
  expect(() => x.transpose([0])).toThrow("transpose: expected each of 2 axes once");
  expect(() => slice(x, [0, 0, 0])).toThrow("slice: expected at most 2 positions, got [0, 0, 0]");
  expect(() => slice(x, [0.5])).toThrow("slice: expected integer positions, got 0.5");
  expect(() => slice(x, [0], [1], [0])).toThrow(
    "slice: expected steps that are integers ≥ 1, got [0, 1]",
  );
  expect(() => pad(x, [[1, 1]])).toThrow(
    "pad: expected [before, after] ≥ 0 for each of 2 axes, got [[1, 1]]",
  );
  expect(() =>
    pad(x, [
      [1, -1],
      [0, 0],
    ]),
  ).toThrow("pad: expected");
  expect(() => m.concat([])).toThrow("concat: expected at least one tensor, got none");
  expect(() => m.concat([x, zeros([2, 2])])).toThrow(
    "concat: expected shapes that differ along axis 0 only, got [2, 3], [2, 2]",
  );
  expect(() => m.stack([])).toThrow("stack: expected at least one tensor, got none");
  expect(() => m.stack([x, zeros([2])])).toThrow(
    "stack: expected tensors of one shape, got [2, 3], [2]",
  );
  expect(() => m.stack([x], 4)).toThrow("stack: expected an axis from -3 to 2, got 4");
  expect(() => x.squeeze(0)).toThrow("squeeze: expected axes of size 1, got [0] of [2, 3]");
  expect(() => x.expandDims(5)).toThrow("expandDims: expected an axis from -3 to 2, got 5");
});
