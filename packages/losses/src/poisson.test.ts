import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { poisson } from "./index.js";
import { run } from "./internal/testing.js";

test("poisson: the rate that equals the count has gradient 0, in both forms", () => {
  const counts = tensor([1, 4, 9]);
  expectClose(run((p) => poisson(p, counts), [0, Math.log(4), Math.log(9)]).grad, [0, 0, 0]);
  expectClose(run((p) => poisson(p, counts, { log: false }), [1, 4, 9]).grad, [0, 0, 0], 1e-8);
  // Stirling: log 9! = 12.80
  const full = run((p) => poisson(p, counts, { full: true, reduction: "none" }), [0, 0, 0]).loss;
  expect(full[2]! - 1).toBeCloseTo(Math.log(362880), 1);
});
