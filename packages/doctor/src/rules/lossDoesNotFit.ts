import type { LayerSetup } from "../record.js";
import type { Rule, Sign } from "../finding.js";
import { lastLayer } from "../internal/layers.js";
import { lossesOfValues } from "../internal/losses.js";

const found = (kind: string, layer: LayerSetup, loss: string, evidence = {}): Sign => ({
  severity: "error",
  where: layer.path,
  kind,
  evidence: { layer: layer.path, type: layer.type, loss, ...evidence },
});

const ofLogits = ["crossEntropy", "binaryCrossEntropy", "binaryFocal"];

/**
 * The loss and the network's last layer do not fit each other.
 *
 * Cross entropy of logits contains the softmax (or sigmoid). A softmax before it is applied twice:
 * probabilities in [0, 1] are taken for logits, so that even a certain answer of C classes has the
 * loss ln(1 + (C − 1)/e), and gradients are small.
 */
export const lossDoesNotFit: Rule = {
  id: "lossDoesNotFit",
  reference: "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
  explains: [
    "initialValuesTooSmall",
    "learningRateTooHigh",
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "dropoutTooStrong",
    "learningRateTooLow",
    "nonFinite",
    "notLearning",
    "overfitting",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    const last = lastLayer(record);
    const { loss, classes } = record.setup;
    if (!last || loss === undefined) return undefined;
    if (ofLogits.includes(loss)) {
      if (loss === "crossEntropy" && classes === 1) return found("oneOutput", last, loss);
      if (last.type === "softmax" || last.type === "softmin") {
        const least = Math.log(1 + ((classes ?? 2) - 1) / Math.E);
        return found("softmax", last, loss, { least, classes: classes ?? 2 });
      }
      if (/sigmoid$/i.test(last.type) && last.type !== "logSigmoid")
        return found("sigmoid", last, loss);
      if (last.range !== undefined || /^relu/.test(last.type)) return found("bounded", last, loss);
    }
    const targets = record.data?.targets;
    const range = last.range ?? (/^relu/.test(last.type) ? [0, Infinity] : undefined);
    if (lossesOfValues.includes(loss) && targets && range) {
      const [low, high] = range as readonly [number, number];
      // A hundredth of their spread is no reason to speak.
      const slack = 0.01 * (targets.max - targets.min);
      if (targets.min < low - slack || targets.max > high + slack)
        return found("outOfReach", last, loss, { min: targets.min, max: targets.max });
    }
    return undefined;
  },
};
