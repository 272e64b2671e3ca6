import architectures from "./architectures.json" with { type: "json" };
import averaging from "./averaging.json" with { type: "json" };
import batchNorm from "./batchNorm.json" with { type: "json" };
import batches from "./batches.json" with { type: "json" };
import clipping from "./clipping.json" with { type: "json" };
import common from "./common.json" with { type: "json" };
import decay from "./decay.json" with { type: "json" };
import dropout from "./dropout.json" with { type: "json" };
import earlyStopping from "./earlyStopping.json" with { type: "json" };
import gradients from "./gradients.json" with { type: "json" };
import init from "./init.json" with { type: "json" };
import momentum from "./momentum.json" with { type: "json" };
import norms from "./norms.json" with { type: "json" };
import race from "./race.json" with { type: "json" };
import range from "./range.json" with { type: "json" };
import weightDecay from "./weightDecay.json" with { type: "json" };

export const en = {
  common,
  tips: {
    gradients,
    range,
    init,
    batchNorm,
    norms,
    dropout,
    earlyStopping,
    weightDecay,
    averaging,
    batches,
    momentum,
    race,
    clipping,
    decay,
    architectures,
  },
};
