import type { Experiment } from "./experiment.js";
import { architecturesTip } from "./tips/architectures.js";
import { averagingTip } from "./tips/averaging.js";
import { batchNormTip } from "./tips/batchNorm.js";
import { batchesTip } from "./tips/batches.js";
import { clippingTip } from "./tips/clipping.js";
import { decayTip } from "./tips/decay.js";
import { dropoutTip } from "./tips/dropout.js";
import { earlyStoppingTip } from "./tips/earlyStopping.js";
import { gradientsTip } from "./tips/gradients.js";
import { initTip } from "./tips/init.js";
import { momentumTip } from "./tips/momentum.js";
import { normsTip } from "./tips/norms.js";
import { raceTip } from "./tips/race.js";
import { rangeTip } from "./tips/range.js";
import { weightDecayTip } from "./tips/weightDecay.js";

export * from "./chart.js";
export * from "./claim.js";
export { claimedControls } from "./claimed.js";
export { codeOf } from "./code.js";
export * from "./controls.js";
export * from "./digits.js";
export * from "./experiment.js";
export * from "./float32.js";
export * from "./histograms.js";
export * from "./pictures.js";
export * from "./runs.js";
export * from "./smallEngine.js";
export * from "./weightsDigest.js";

/** The tips, in the order of the tutorial. */
export const experiments: readonly Experiment[] = [
  gradientsTip,
  rangeTip,
  initTip,
  batchNormTip,
  normsTip,
  dropoutTip,
  earlyStoppingTip,
  weightDecayTip,
  averagingTip,
  batchesTip,
  momentumTip,
  raceTip,
  clippingTip,
  decayTip,
  architecturesTip,
];
