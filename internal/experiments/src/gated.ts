import type { Layer } from "@tenon/contracts";
import { zeros } from "@tenon/init";
import { inception } from "@tenon/layers";
import { concat, slice, type Tensor } from "@tenon/tensor";

/**
 * Inception whose branches have a learned strength each: y = [k g₁ f₁(x), k g₂ f₂(x), …] for k
 * branches, with g = softmax(a). All are 1 / k at the start, and they sum to 1.
 *
 * What is tapped as `gate1`, `gate2` … are the g, so that the statistics of a run show which branch
 * carries the signal. Parameter, in addition to those of the branches: `gates` [k], the a.
 */
export function gated(...branches: readonly Layer<Tensor>[]): Layer<Tensor> {
  const all = inception(...branches);
  const k = branches.length;
  return {
    type: "gated",
    plan(input) {
      const plan = all.plan(input);
      const gates = { shape: [k], init: zeros() };
      return { ...plan, params: { ...plan.params, gates } };
    },
    forward(x, outer) {
      const strengths = outer.params["gates"]!.softmax();
      const outputs = branches.map((branch, i) => {
        const own = outer.part(`branch${i + 1}`);
        const y = branch.forward(x, own);
        own.tap(y);
        const gate = slice(strengths, [i], [i + 1]);
        outer.part(`gate${i + 1}`).tap(gate.reshape([1, 1]));
        return y.mul(gate.mul(k));
      });
      return concat(outputs, -1);
    },
    toJSON: () => ({ type: "gated", args: branches.map((branch) => branch.toJSON()) }),
  };
}
