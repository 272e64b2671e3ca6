import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { tensor } from "./leaf.js";

test("float32 to int32 truncates towards zero and saturates; NaN becomes 0", () => {
  const y = tensor([1.9, -1.9, 3e9, -3e9, Infinity, -Infinity, NaN, -0]).cast("int32");
  expect(y.dtype).toBe("int32");
  expect(y.data()).toEqual(
    Int32Array.of(1, -1, 2147483647, -2147483648, 2147483647, -2147483648, 0, 0),
  );
});

test("int32 to float32 rounds to the nearest", () => {
  expect(tensor(Int32Array.of(16777217, -3)).cast("float32").data()).toEqual(
    Float32Array.of(16777216, -3),
  );
});

test("a cast to the same dtype adds nothing to the graph", () => {
  const x = tensor([1]);
  expect(x.cast("float32")).toBe(x);
});

test("no gradient flows through integers, nor through detach", () => {
  const x = tensor([1.5, 2.5]);
  expect(gradients(x.cast("int32").cast("float32").mul(x).sum(), x).data()).toEqual(
    Float32Array.of(1, 2),
  );
  expect(gradients(x.detach().mul(x).sum(), x).data()).toEqual(Float32Array.of(1.5, 2.5));
  expect(x.detach().data()).toEqual(x.data());
});
