import type { AsyncEngine } from "@tenon/contracts";
import { reference, type Tensor } from "@tenon/tensor";
import { asyncEngineSuite, engineSuite } from "@tenon/testkit/engines";
import { operationSuite, type Theme } from "./operationSuite.js";

/**
 * All that an engine for GPUs must compute, within its bounds: sums are added in another order, and
 * numbers below 2⁻¹²⁶ may be 0.
 *
 * @param only the themes of operations that run; the others are reported as skipped.
 * @defaultValue all
 */
export function gpuSuite(
  title: string,
  make: () => AsyncEngine<Tensor>,
  only?: readonly Theme[],
): void {
  engineSuite(title, make, { oracle: reference(), tolerance: 1e-5 });
  asyncEngineSuite(title, make);
  operationSuite(title, make, {
    rounding: 8,
    subnormals: false,
    ...(only && { only }),
  });
}
