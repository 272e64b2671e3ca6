import { expect, test } from "vitest";
import { arange, full, input, ones, tensor, zeros } from "./leaf.js";

test("a tensor of a number, of rows, of a typed array, of an array with a shape", () => {
  expect(tensor(3)).toMatchObject({ shape: [], dtype: "float32" });
  expect(tensor([1, 2])).toMatchObject({ shape: [2], dtype: "float32" });
  expect(
    tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  ).toMatchObject({ shape: [3, 2] });
  expect(tensor([[[1], [2]]]).data()).toEqual(Float32Array.of(1, 2));
  expect(tensor([])).toMatchObject({ shape: [0] });
  expect(tensor([[], []])).toMatchObject({ shape: [2, 0] });
  expect(tensor(Int32Array.of(1, 2))).toMatchObject({ shape: [2], dtype: "int32" });
  expect(tensor(Uint8Array.of(1, 255)).data()).toEqual(Float32Array.of(1, 255));
  expect(tensor([1, 2, 3, 4], [2, 2])).toMatchObject({ shape: [2, 2] });
  expect(tensor({ shape: [2, 1], dtype: "int32", data: Int32Array.of(1, 2) })).toMatchObject({
    shape: [2, 1],
    dtype: "int32",
  });
  expect(tensor([1, 2], [2], "int32").data()).toEqual(Int32Array.of(1, 2));
});

test("it holds a copy", () => {
  const data = Float32Array.of(1, 2);
  const x = tensor(data);
  data[0] = 9;
  expect(x.data()).toEqual(Float32Array.of(1, 2));
});

test("full, zeros, ones, arange", () => {
  expect(full([2], 2.5).data()).toEqual(Float32Array.of(2.5, 2.5));
  expect(zeros([2], "int32").data()).toEqual(Int32Array.of(0, 0));
  expect(ones([1, 2])).toMatchObject({ shape: [1, 2], dtype: "float32" });
  expect(ones([]).item()).toBe(1);
  expect(zeros([0, 3]).data().length).toBe(0);
  expect(arange(3).data()).toEqual(Int32Array.of(0, 1, 2));
  expect(arange(0).shape).toEqual([0]);
});

test("a placeholder has no values of its own", () => {
  const x = input("images", { shape: [2] });
  expect(x).toMatchObject({ shape: [2], dtype: "float32", attrs: { name: "images" } });
  expect(() => x.add(1).data()).toThrow(
    'data: expected a graph that ends in known values, got the placeholder "images"; feed it through an engine\'s compile',
  );
});

test("impossible arguments are refused by name", () => {
  expect(() => tensor([1, 2, 3], [2, 2])).toThrow(
    "tensor: expected 4 values for shape [2, 2], got 3",
  );
  expect(() => tensor([[1, 2], [3]])).toThrow("tensor: expected rows of one length, got [2], [1]");
  expect(() => tensor([1, [2]])).toThrow("tensor: expected rows of one length, got [], [1]");
  expect(() => tensor([1.5], [1], "int32")).toThrow(
    "tensor: expected integers of 32 bits for int32, got 1.5; make a float32 tensor and cast it",
  );
  expect(() => tensor(3e9, [], "int32")).toThrow("got 3000000000");
  expect(() => tensor([1], [1.5])).toThrow(
    "tensor: expected sizes that are integers ≥ 0, got [1.5]",
  );
  expect(() => zeros([-1])).toThrow("zeros: expected sizes");
  expect(() => arange(2.5)).toThrow("arange: expected sizes that are integers ≥ 0, got [2.5]");
  expect(() => input("x", { shape: [NaN] })).toThrow("input: expected sizes");
});
