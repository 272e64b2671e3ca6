import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { cosineDistance } from "./index.js";
import { run } from "./internal/testing.js";

test("cosineDistance: 0 along, 1 across, 2 against, whatever the lengths; zeros are finite", () => {
  expectClose(
    run(
      (p) => cosineDistance(p, tensor([1, 0, 1, 0, 1, 0], [3, 2]), { reduction: "none" }),
      [5, 0, 0, 3, -0.1, 0],
      [3, 2],
    ).loss,
    [0, 1, 2],
  );
  const { loss, grad } = run((p) => cosineDistance(p, tensor([1, 0])), [0, 0]);
  expect(loss).toEqual([1]);
  expect(grad.every(Number.isFinite)).toBe(true);
});
