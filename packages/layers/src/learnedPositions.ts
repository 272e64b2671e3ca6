import type { Init, Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { normal } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkInits, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface LearnedPositionsOptions {
  /** Initial values of the table. @defaultValue normal({ std: 0.02 }) */
  readonly tableInit?: Init;
}

/**
 * Adds a learned vector for each place of a sequence: y[p] = x[p] + table[p].
 *
 * [places, size] stays so. Parameter: `table` [places, size].
 *
 * Gehring et al. (2017), Convolutional sequence to sequence learning, section 3.1.
 * arXiv:1705.03122. Vision transformers have it with normal values of standard deviation 0.02:
 * Dosovitskiy et al. (2021), An image is worth 16×16 words. arXiv:2010.11929
 */
export function learnedPositions(options: LearnedPositionsOptions = {}): Layer<Tensor> {
  const { tableInit = normal({ std: 0.02 }) } = known("learnedPositions", options, "tableInit");
  checkInits("learnedPositions", { tableInit });
  return guarded({
    type: "learnedPositions",
    plan(input) {
      if (input.length !== 2)
        throw badArgument("learnedPositions", "a sequence [places, size]", show(input));
      return { output: input, params: { table: { shape: input, init: tableInit } }, stats: {} };
    },
    forward: (x, pass) => x.add(param("learnedPositions", pass, "table")),
    toJSON: () => describe("learnedPositions", options),
  });
}
