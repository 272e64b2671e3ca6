import { expect, test } from "vitest";
import { shown } from "./index.js";

test("strings have quotes, so that a string of digits differs from a number", () => {
  expect(["2", "", "a\nb", "null"].map((value) => shown(value))).toEqual([
    '"2"',
    '""',
    '"a\\nb"',
    '"null"',
  ]);
});

test("numbers, undefined and null are shown as JavaScript writes them", () => {
  expect([2, NaN, -Infinity, 3n, true, null, undefined].map((value) => shown(value))).toEqual([
    "2",
    "NaN",
    "-Infinity",
    "3n",
    "true",
    "null",
    "undefined",
  ]);
});

test("lists and objects show what is in them, arrays of numbers and tensors their size", () => {
  expect(shown([1, "2", [null]])).toBe('[1, "2", [null]]');
  expect(shown(Array.from({ length: 100 }, (_, i) => i))).toBe(
    "[0, 1, 2, 3, 4, 5, 6, 7, … of 100]",
  );
  expect(shown({ lr: 1, inner: { a: { b: { c: 1 } } } })).toBe("{ lr: 1, inner: { a: { b: … } } }");
  expect(
    [{}, [], new Float32Array(3), new Map(), Object.create(null)].map((value) => shown(value)),
  ).toEqual(["{}", "[]", "Float32Array(3)", "Map", "{}"]);
  expect(shown({ shape: [2, 3], dtype: "int32" })).toBe("int32 [2, 3]");
  expect(shown(function adam() {})).toBe("adam, a function");
  expect(
    shown(
      (
        () => () =>
          0
      )(),
    ),
  ).toBe("a function");
});

test("an object that contains itself is shown in finite text", () => {
  const ring: { inside?: unknown } = {};
  ring.inside = ring;
  expect(shown(ring)).toBe("{ inside: { inside: { inside: … } } }");
  const list: unknown[] = [];
  list.push(list);
  expect(shown(list)).toBe("[[[…]]]");
});
