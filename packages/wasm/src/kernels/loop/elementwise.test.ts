import fc from "fast-check";
import { expect, test } from "vitest";
import { apply } from "../../math/internal/apply.js";
import { elementwise } from "./elementwise.js";
import { kernelRun } from "../../testing/runKernel.js";

test("rounding is to even, signs of NaN are NaN, a rectified NaN stays", () => {
  expect([...apply("round", [0.5, 1.5, 2.5, -0.5, -1.5])]).toEqual([0, 2, 2, -0, -2]);
  expect([...apply("sign", [3, -2, 0, -0, NaN, -Infinity])]).toEqual([1, -1, 0, -0, NaN, -1]);
  expect([...apply("relu", [3, -2, 0, Infinity, -Infinity, NaN])]).toEqual([
    3,
    0,
    0,
    Infinity,
    0,
    NaN,
  ]);
  expect([...apply("floor", [1.5, -1.5, -0, Infinity])]).toEqual([1, -2, -0, Infinity]);
  expect([...apply("ceil", [1.5, -1.5, 0, -Infinity])]).toEqual([2, -1, 0, -Infinity]);
});

test.each(["maximum", "minimum"] as const)("%s of a number and a constant", (op) => {
  const xs = [3, -2, 0, -0, Infinity, -Infinity, NaN, 0.5];
  for (const value of [0.5, -1, 0, -0, Infinity, -Infinity, NaN])
    for (const args of [
      [0, 1],
      [1, 0],
    ]) {
      const { run, arrays } = kernelRun(
        elementwise({
          shape: [xs.length],
          inputs: [{ strides: [1], offset: 0 }],
          outputs: [2],
          body: [
            { op: "load", input: 0, dtype: "float32" },
            { op: "constant", value, dtype: "float32" },
            { op, args, dtype: "float32" },
          ],
        }),
        [new Float32Array(xs.length), Float32Array.from(xs)],
      );
      run();
      expect([...arrays[0]!]).toEqual(
        xs.map((x) => (op === "maximum" ? Math.max : Math.min)(x, value)),
      );
    }
});

test("no work items are no work", () => {
  const size = 5000;
  const kernel = elementwise({
    shape: [size],
    inputs: [{ strides: [1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [0],
  });
  const { run, check, arrays } = kernelRun(kernel, [
    new Float32Array(size),
    new Float32Array(size).fill(1),
  ]);
  run([
    [0, 0],
    [kernel.workItems, kernel.workItems],
  ]);
  check();
  expect([...arrays[0]!]).toEqual(new Array(size).fill(0));
  expect([...arrays[1]!]).toEqual(new Array(size).fill(1));
});

const sizes = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 16, 33), {
  minLength: 0,
  maxLength: 4,
});

test("any shape, broadcast and transposed, in any work items", () => {
  fc.assert(
    fc.property(
      sizes.chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          order: fc.shuffledSubarray(
            shape.map((_, i) => i),
            { minLength: shape.length },
          ),
          repeated: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
          offset: fc.nat(3),
          cut: fc.nat(5),
        }),
      ),
      ({ shape, order, repeated, offset, cut }) => {
        const size = shape.reduce<number>((s, n) => s * n, 1);
        // One input has its axes in another order, the other repeats some of them and has an
        // offset.
        const transposed = new Array<number>(shape.length);
        const broadcast = new Array<number>(shape.length).fill(0);
        let step = 1;
        for (const axis of [...order].reverse()) {
          transposed[axis] = step;
          step *= shape[axis]!;
        }
        let small = 1;
        for (let axis = shape.length - 1; axis >= 0; axis--)
          if (!repeated[axis]) {
            broadcast[axis] = small;
            small *= shape[axis]!;
          }
        const a = Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i + 1)));
        const b = Int32Array.from({ length: small + offset }, (_, i) => ((i * 7) % 11) - 5);
        const kernel = elementwise({
          shape,
          inputs: [
            { strides: transposed, offset: 0 },
            { strides: broadcast, offset },
          ],
          body: [
            { op: "load", input: 0, dtype: "float32" },
            { op: "load", input: 1, dtype: "int32" },
            { op: "constant", value: 0, dtype: "int32" },
            { op: "greater", args: [1, 2], dtype: "int32" },
            { op: "cast", args: [1], dtype: "float32" },
            { op: "mul", args: [0, 4], dtype: "float32" },
            { op: "where", args: [3, 5, 0], dtype: "float32" },
          ],
          outputs: [6, 3],
        });
        const { run, arrays } = kernelRun(kernel, [
          new Float32Array(size),
          new Int32Array(size),
          a,
          b,
        ]);
        const middle = Math.min(cut, kernel.workItems);
        run([
          [middle, kernel.workItems],
          [0, middle],
        ]);
        for (let i = 0; i < size; i++) {
          let rest = i;
          let x = 0;
          let y = offset;
          for (let axis = shape.length - 1; axis >= 0; axis--) {
            const index = rest % shape[axis]!;
            rest = Math.floor(rest / shape[axis]!);
            x += index * transposed[axis]!;
            y += index * broadcast[axis]!;
          }
          expect(arrays[0]![i]).toBe(b[y]! > 0 ? Math.fround(a[x]! * b[y]!) : a[x]!);
          expect(arrays[1]![i]).toBe(b[y]! > 0 ? 1 : 0);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])("axes in the order %i %i %i, with a contiguous input and a repeated one", (...order) => {
  for (const sizes of [
    [4, 4, 4],
    [9, 8, 6],
    [21, 70, 13],
    [5, 130, 35],
  ]) {
    // x has the shape `sizes` and is read with its axes in another order.
    const strides = [sizes[1]! * sizes[2]!, sizes[2]!, 1];
    const shape = order.map((axis) => sizes[axis]!);
    const size = sizes.reduce((s, n) => s * n, 1);
    const [m, n] = [shape[1]!, shape[2]!];
    const x = Float32Array.from({ length: size }, (_, i) => i % 8191);
    const y = x.map((value) => 3 * value + 1);
    const z = Float32Array.from({ length: m }, (_, i) => 100 * i);
    const kernel = elementwise({
      shape,
      inputs: [
        { strides: order.map((axis) => strides[axis]!), offset: 0 },
        { strides: [m * n, n, 1], offset: 0 },
        { strides: [0, 1, 0], offset: 0 },
      ],
      body: [
        { op: "load", input: 0, dtype: "float32" },
        { op: "load", input: 1, dtype: "float32" },
        { op: "load", input: 2, dtype: "float32" },
        { op: "sub", args: [1, 0], dtype: "float32" },
        { op: "add", args: [3, 2], dtype: "float32" },
      ],
      outputs: [4, 0],
    });
    const { run, arrays, check } = kernelRun(kernel, [
      new Float32Array(size),
      new Float32Array(size),
      x,
      y,
      z,
    ]);
    run(Array.from({ length: kernel.workItems }, (_, item) => [item, item + 1] as const).reverse());
    check();
    const expected = Array.from({ length: size }, (_, position) => {
      const index = [Math.floor(position / (m * n)), Math.floor(position / n) % m, position % n];
      return x[order.reduce((sum, axis, i) => sum + index[i]! * strides[axis]!, 0)]!;
    });
    expect(arrays[1]).toEqual(Float32Array.from(expected));
    expect(arrays[0]).toEqual(
      Float32Array.from(
        expected,
        (value, position) => y[position]! - value + z[Math.floor(position / n) % m]!,
      ),
    );
  }
});

test("a condition that stays the same along a row, one that does not, and two that do", () => {
  const [rows, n] = [3, 37];
  // x where(c, x + y, y) … of one condition a row, of a second one, and of one for each element.
  const body = [
    { op: "load", input: 0, dtype: "float32" },
    { op: "load", input: 1, dtype: "float32" },
    { op: "load", input: 2, dtype: "int32" },
    { op: "load", input: 3, dtype: "int32" },
    { op: "constant", value: 0.1, dtype: "float32" },
    { op: "mul", args: [0, 4], dtype: "float32" },
    { op: "where", args: [2, 5, 1], dtype: "float32" },
    { op: "add", args: [6, 0], dtype: "float32" },
    { op: "where", args: [2, 7, 6], dtype: "float32" },
    { op: "where", args: [3, 8, 0], dtype: "float32" },
  ] as const;
  const x = Float32Array.from({ length: rows * n }, (_, i) => Math.sin(i));
  const y = Float32Array.from(x, (value) => 2 * value - 1);
  for (const conditions of [
    [0, 0, 0],
    [1, -5, 256],
    [0, 1, 0],
  ])
    for (const other of [[0], [3], [0, 1, 1, 0, 0]]) {
      const condition = Int32Array.from(
        { length: other.length === 1 ? rows : rows * n },
        (_, i) => other[i % other.length]!,
      );
      const strides = condition.length === rows ? [1, 0] : [n, 1];
      const { run, arrays, check } = kernelRun(
        elementwise({
          shape: [rows, n],
          inputs: [
            { strides: [n, 1], offset: 0 },
            { strides: [n, 1], offset: 0 },
            { strides: [1, 0], offset: 0 },
            { strides, offset: 0 },
          ],
          body,
          outputs: [6, 9],
        }),
        [
          new Float32Array(rows * n),
          new Float32Array(rows * n),
          x,
          y,
          Int32Array.from(conditions),
          condition,
        ],
      );
      run();
      check();
      const f = Math.fround;
      x.forEach((value, i) => {
        const row = Math.floor(i / n);
        const first = conditions[row] ? f(value * f(0.1)) : y[i]!;
        const second = conditions[row] ? f(first + value) : first;
        expect(arrays[0]![i]).toBe(first);
        expect(arrays[1]![i]).toBe(condition[strides[0] === 1 ? row : i] ? second : value);
      });
    }
});
