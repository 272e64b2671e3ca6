import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { repeat, type Tensor } from "@tenon/tensor";
import { checkCount } from "./internal/check.js";
import { map } from "./internal/map.js";
import { checkSequence } from "./internal/sequence.js";

/**
 * Each place of a sequence `factor` times in a row: `[length, channels]` becomes `[factor · length,
 * channels]`. Keras `UpSampling1D`, PyTorch `Upsample`.
 *
 * @param factor how many times. @defaultValue 2
 */
export function upsampling1d(factor = 2): Layer<Tensor> {
  noOptions("upsampling1d", arguments[1]);
  checkCount("upsampling1d", "factor", factor);
  return map(
    "upsampling1d",
    [factor],
    (x) => repeat(x, factor, 1),
    (input) => checkSequence("upsampling1d", input),
  );
}
