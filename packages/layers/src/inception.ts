import type { Layer, LayerPart } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { concat, type Tensor } from "@tenon/tensor";
import { asOne, type Layers } from "./internal/asOne.js";
import { guarded, sameShape, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";

/**
 * Parallel branches over one input, joined along the channels: y = [f₁(x), f₂(x), …].
 *
 * The branches are called `"branch1"`, `"branch2"` …; all but the last axis of what they make must
 * agree.
 *
 * Szegedy et al. (2015), Going deeper with convolutions, section 4. arXiv:1409.4842
 *
 * @param branches each one layer, or several in a row
 * @throws in `plan`, if the branches' outputs cannot be joined
 */
export function inception(...branches: readonly Layers[]): Layer<Tensor> {
  if (branches.length === 0) throw badArgument("inception", "at least one branch", "none");
  const layers = branches.map((branch) => asOne("inception", branch));
  const path = (i: number): string => `branch${i + 1}`;
  return guarded({
    type: "inception",
    plan(input) {
      const parts = layers.map((layer, i) => planPart(path(i), layer, input));
      const [first] = parts as [LayerPart, ...LayerPart[]];
      const strange = parts.find(
        ({ plan: { output } }) =>
          output.length === 0 || !sameShape(output.slice(0, -1), first.plan.output.slice(0, -1)),
      );
      if (strange)
        throw badArgument(
          "inception",
          "branches whose outputs agree but for the channels",
          `${show(first.plan.output)} from ${first.path} and ${show(strange.plan.output)} ` +
            `from ${strange.path}`,
          'padding "same" keeps sizes',
        );
      const channels = parts.reduce(
        (sum, { plan }) => sum + plan.output[plan.output.length - 1]!,
        0,
      );
      return planOf([...first.plan.output.slice(0, -1), channels], parts);
    },
    forward: (x, pass) =>
      concat(
        layers.map((layer, i) => through(path(i), layer, x, pass)),
        -1,
      ),
    toJSON: () => describe("inception", ...branches),
  });
}
