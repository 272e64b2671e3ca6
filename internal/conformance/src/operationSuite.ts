import type { AnyEngine } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { beforeAll, describe, test } from "vitest";
import { conformance, type Conformance } from "./agree.js";
import { convolutions } from "./convolutions.js";
import { elementwise } from "./elementwise.js";
import { pools } from "./pools.js";
import { products } from "./products.js";
import { randomTraces } from "./randomTraces.js";
import { scans } from "./scans.js";
import { states } from "./states.js";
import { sums } from "./sums.js";

export type Theme =
  | "elementwise"
  | "products"
  | "convolutions"
  | "pools"
  | "sums"
  | "scans"
  | "states"
  | "randomTraces";

const themes: Readonly<Record<Theme, (context: Conformance) => void>> = {
  elementwise,
  products,
  convolutions,
  pools,
  sums,
  scans,
  states,
  randomTraces,
};

export interface OperationSuiteOptions {
  /**
   * The themes that run; the others, which take long, are reported as skipped. @defaultValue all
   */
  readonly only?: readonly Theme[];
  /**
   * How many times as large rounding errors may be as those of sums in short runs and of functions
   * within a few units of the last place. @defaultValue 1
   */
  readonly rounding?: number;
  /** Whether it has float32 below 2⁻¹²⁶; GPUs may take them for 0. @defaultValue true */
  readonly subnormals?: boolean;
}

/**
 * What every engine must compute, of either kind: all operations with their gradients, alone and in
 * the combinations that planners rewrite and fuse, and random traces of them. The reference engine
 * is the oracle.
 */
export function operationSuite(
  title: string,
  make: () => AnyEngine<Tensor> | Promise<AnyEngine<Tensor>>,
  { only, rounding = 1, subnormals = true }: OperationSuiteOptions = {},
): void {
  describe(`operations on ${title}`, () => {
    let engine: AnyEngine<Tensor>;
    beforeAll(async () => {
      engine = await make();
    });
    const context = conformance(() => engine, { rounding, subnormals });
    for (const [theme, tests] of Object.entries(themes)) {
      if (only === undefined || only.includes(theme as Theme))
        describe(theme, () => tests(context));
      else test.skip(`${theme} on ${title}: lacks time; npm run test:long`, () => {});
    }
  });
}
