import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { asOne, type Branch } from "./internal/asOne.js";
import { guarded, sameShape, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";

export interface ResidualOptions {
  /**
   * The layers that map the input before it is added, where shapes differ: often `conv2d(filters,
   * 1, { strides })`. @defaultValue the identity
   */
  readonly shortcut?: Branch;
}

/**
 * Adds the output of layers to their input: y = x + F(x), or y = S(x) + F(x) with a
 * shortcut S.
 *
 * Its parts are called `"body"` and `"shortcut"`.
 *
 * He, Zhang, Ren & Sun (2016), Deep residual learning for image recognition, eqs. 1 and 2.
 * arXiv:1512.03385
 *
 * @param body F: one layer, or several in a row
 * @throws in `plan`, if both sides of the sum differ in shape
 */
export function residual(body: Branch, options: ResidualOptions = {}): Layer<Tensor> {
  known("residual", options, "shortcut");
  const f = asOne("residual", body);
  const shortcut =
    options.shortcut === undefined
      ? undefined
      : asOne("residual", options.shortcut, " as shortcut");
  return guarded({
    type: "residual",
    plan(input) {
      const main = planPart("body", f, input);
      const side = shortcut && planPart("shortcut", shortcut, input);
      const skipped = side ? side.plan.output : input;
      if (!sameShape(main.plan.output, skipped))
        throw badArgument(
          "residual",
          `a body that makes ${show(skipped)}, the shape of its ${side ? "shortcut" : "input"}`,
          `${show(main.plan.output)}${side ? "" : "; give it a shortcut of that shape, such as a 1×1 convolution"}`,
        );
      return planOf(main.plan.output, side ? [main, side] : [main]);
    },
    forward: (x, pass) =>
      (shortcut ? through("shortcut", shortcut, x, pass) : x).add(through("body", f, x, pass)),
    toJSON: () => describe("residual", body, options),
  });
}
