import { expectClose } from "@tenon/testkit";
import { test } from "vitest";
import { minMaxNorm, unitNorm } from "./index.js";
import { projected } from "./internal/plainRun.js";

// Without an ε the norm is exactly the wanted one, and zeros stay zeros.
const columns = { shape: [2, 3], data: [3, 0, 3e-3, 4, 0, -4e-3] };

test("unitNorm", () =>
  expectClose(
    projected(unitNorm({ norm: 2, eps: 0 }), columns),
    [1.2, 0, 1.2, 1.6, 0, -1.6],
    1e-14,
  ));
test("minMaxNorm", () =>
  expectClose(
    projected(minMaxNorm({ min: 0.5, max: 1, eps: 0 }), columns),
    [0.6, 0, 0.3, 0.8, 0, -0.4],
    1e-14,
  ));
