import type { AnyEngine } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { beforeAll, describe, test } from "vitest";
import { conformance, type Conformance } from "./agree.js";
import { convolutions } from "./convolutions.js";
import { elementwise } from "./elementwise.js";
import { pools } from "./pools.js";
import { products } from "./products.js";
import { randomTraces } from "./randomTraces.js";
import { states } from "./states.js";
import { sums } from "./sums.js";

type Theme =
  "elementwise" | "products" | "convolutions" | "pools" | "sums" | "states" | "randomTraces";

const themes: Readonly<Record<Theme, (context: Conformance) => void>> = {
  elementwise,
  products,
  convolutions,
  pools,
  sums,
  states,
  randomTraces,
};

export interface OperationSuiteOptions {
  /**
   * Themes that the engine cannot run, with the reason: they are reported as skipped, with that
   * reason. @defaultValue none
   */
  readonly missing?: { readonly [T in Theme]?: string };
}

/**
 * What every engine must compute, of either kind: all operations with their gradients, alone and in
 * the combinations that planners rewrite and fuse, and random traces of them. The reference engine
 * is the oracle.
 */
export function operationSuite(
  title: string,
  make: () => AnyEngine<Tensor> | Promise<AnyEngine<Tensor>>,
  { missing = {} }: OperationSuiteOptions = {},
): void {
  describe(`operations on ${title}`, () => {
    let engine: AnyEngine<Tensor>;
    beforeAll(async () => {
      engine = await make();
    });
    const context = conformance(() => engine);
    for (const [theme, tests] of Object.entries(themes)) {
      const reason = missing[theme as Theme];
      if (reason === undefined) describe(theme, () => tests(context));
      else test.skip(`${theme}: ${title} lacks ${reason}`, () => {});
    }
  });
}
