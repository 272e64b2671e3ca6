import type { Transform } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { perParameter } from "./internal/perParameter.js";

/**
 * Only the signs: g ← sign(g). With a rate it is signSGD. Bernstein et al. (2018), arXiv:1802.04434
 */
export function scaleBySign(): Transform {
  nothing("scaleBySign", arguments);
  return perParameter("scaleBySign", {}, {}, ({ g }) => ({ g: g.sign() }));
}
