import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { crossEntropy, klDivergence } from "./index.js";
import { run } from "./internal/testing.js";

const x = [0.3, -1.2, 2, 0.7, -0.4, 1.1];

test("klDivergence is cross entropy less entropy, and 0 of equal distributions", () => {
  const t = [0.2, 0.5, 0.3, 0, 1, 0];
  const kl = run((p) => klDivergence(p.logSoftmax(), tensor(t, [2, 3])), x, [2, 3]);
  const ce = run((p) => crossEntropy(p, tensor(t, [2, 3])), x, [2, 3]);
  const entropy = -(0.2 * Math.log(0.2) + 0.5 * Math.log(0.5) + 0.3 * Math.log(0.3)) / 2;
  expectClose(kl.loss, [ce.loss[0]! - entropy]);
  expectClose(kl.grad, ce.grad);
  const logs = tensor([0.2, 0.5, 0.3].map(Math.log));
  expect(klDivergence(logs, logs, { logTargets: true, reduction: "sum" }).item()).toBe(0);
});
