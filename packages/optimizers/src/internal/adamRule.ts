import type { Transform } from "@tenon/contracts";
import { badArgument, flag } from "@tenon/guards";
import type { ScaleByAdamOptions } from "../scaleByAdam.js";
import { decay, epsilons } from "./guards.js";
import { corrected, correction, freshPart, mean, meanAhead } from "./hyper.js";
import { perParameter } from "./perParameter.js";
import { rootOf } from "./rootOf.js";

/** `scaleByAdam` with options whose names are known; `who` was called, and is named in errors. */
export function adamRule(
  who: string,
  {
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    epsRoot = 0,
    epsHat = false,
    nesterov = false,
    amsgrad = false,
  }: ScaleByAdamOptions,
): Transform {
  decay(who, "beta1", beta1, 0.9);
  decay(who, "beta2", beta2, 0.999);
  epsilons(who, eps, epsRoot);
  flag(who, "epsHat", epsHat);
  flag(who, "nesterov", nesterov);
  if (amsgrad !== "corrected") flag(who, "amsgrad", amsgrad);
  if (epsHat && amsgrad === "corrected")
    throw badArgument(who, 'amsgrad: "corrected" without epsHat, which corrects nothing', "both");
  const name = amsgrad ? "scaleByAmsgrad" : "scaleByAdam";
  return perParameter(
    name,
    { m: 0, v: 0, u: amsgrad ? 0 : undefined },
    {
      mFactor: nesterov ? meanAhead(beta1) : correction(beta1),
      gFactor: freshPart(beta1),
      vFactor: correction(beta2),
      rootFactor: corrected(beta2, (_, rest) => (epsHat ? Math.sqrt(rest) : 1)),
      beta1,
      beta2,
      eps,
      epsRoot,
    },
    ({ g, m, v, u }, { mFactor, gFactor, vFactor, rootFactor, ...now }) => {
      m = mean(m, g, now.beta1);
      v = mean(v, g.square(), now.beta2);
      if (amsgrad) u = u.maximum(amsgrad === "corrected" ? v.mul(vFactor) : v);
      const largest = amsgrad ? u : v;
      const mHat = nesterov
        ? m.mul(mFactor.mul(rootFactor)).add(g.mul(gFactor.mul(rootFactor)))
        : m.mul(mFactor.mul(rootFactor));
      const vHat = epsHat || amsgrad === "corrected" ? largest : largest.mul(vFactor);
      return { g: mHat.div(rootOf(vHat, now.eps, now.epsRoot)), m, v, u };
    },
  );
}
