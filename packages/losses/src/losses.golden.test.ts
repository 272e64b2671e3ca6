import { golden, type GoldenArray } from "@tenon/golden";
import { tensor, type Tensor } from "@tenon/tensor";
import { goldenSuite, notCovered } from "@tenon/testkit";
import { expect } from "vitest";
import * as losses from "./index.js";
import {
  loss,
  lossOf,
  type Compared,
  type Had,
  type Make,
  type Row,
} from "./internal/goldenLoss.testing.js";

const reductionOf = (had: Had): losses.Reduction => had<losses.Reduction>("reduction", "mean");
const elementwise = (
  of: (had: Had, p: Tensor, t: Tensor, options: { reduction: losses.Reduction }) => Tensor,
): ((row: Row) => void) => loss((had, p, t) => of(had, p, t, { reduction: reductionOf(had) }));

/**
 * Keras: examples' losses (the mean over the last axis, where a loss has one for each entry), times
 * their weights, then the reduction.
 */
function keras(perExample: Make, options: Compared = {}): (row: Row) => void {
  return loss(
    (had, p, t, row) => {
      const each = perExample(had, p, t, row);
      const weights = row.inputs["sample_weight"];
      const reduction = had("reduction", "sum_over_batch_size");
      const weight = weights && constantLike(each, weights);
      const weighted = weight ? each.mul(weight) : each;
      switch (reduction as string) {
        case "none":
          return weighted;
        case "sum":
          return weighted.sum();
        case "sum_over_batch_size":
          return weighted.mean();
        case "mean_with_sample_weight":
          return weight ? weighted.sum().div(weight.sum()) : weighted.mean();
        default:
          return notCovered(`reduction ${reduction}`);
      }
    },
    { ...options, also: [...(options.also ?? []), "sample_weight"] },
  );
}
/** A row's weights, one for each loss. */
const constantLike = (each: Tensor, { shape, data }: GoldenArray): Tensor => {
  expect(shape, "weights").toEqual(each.shape);
  return tensor(data);
};
const entries = (of: (had: Had, p: Tensor, t: Tensor) => Tensor): ((row: Row) => void) =>
  keras((had, p, t) => of(had, p, t).mean(-1));
const optax = (
  of: (had: Had, p: Tensor, t: Tensor) => Tensor,
  options?: Compared,
): ((row: Row) => void) => loss((had, p, t) => of(had, p, t), options);
const none = { reduction: "none" } as const;
/** The logits of probabilities, which Keras holds in [1e-7, 1 − 1e-7]. */
const binaryLogitsOf = (had: Had, p: Tensor): Tensor =>
  had("from_logits", false) ? p : logit(p.clamp(1e-7, 1 - 1e-7));
const logit = (p: Tensor): Tensor => p.log().sub(p.neg().log1p());
/**
 * Softmax of a distribution's logarithms is that distribution, so these are logits too. Keras holds
 * probabilities in [1e-7, 1 − 1e-7].
 */
const logitsOf = (had: Had, p: Tensor): Tensor =>
  had("from_logits", false) ? p : p.clamp(1e-7, 1 - 1e-7).log();

const torch = "torch/torch.nn.functional.";
const kerasLosses = "keras/keras.losses.";
const optaxLosses = "optax/optax.losses.";

/** Whether targets are labels or probabilities shows in their shape. */
const crossEntropy = (row: Row): void => {
  const { input, target } = row.inputs as { input: GoldenArray; target: GoldenArray };
  loss(
    (had, p, t) =>
      losses.crossEntropy(p, t, {
        reduction: reductionOf(had),
        labelSmoothing: had("label_smoothing", 0),
        ...(row.inputs["weight"] && { classWeights: row.inputs["weight"].data }),
        ...(target.shape.length < input.shape.length && { ignoreIndex: had("ignore_index", -100) }),
      }),
    { labels: target.shape.length < input.shape.length, also: ["weight"] },
  )(row);
};

goldenSuite("losses", golden<Row>("losses"), {
  [`${torch}cross_entropy`]: crossEntropy,
  [`${torch}binary_cross_entropy_with_logits`]: loss(
    (had, p, t, row) =>
      losses.binaryCrossEntropy(p, t, {
        reduction: reductionOf(had),
        ...(row.inputs["pos_weight"] && { posWeight: row.inputs["pos_weight"].data }),
      }),
    { also: ["pos_weight"] },
  ),
  [`${torch}mse_loss`]: elementwise((_, p, t, options) => losses.mse(p, t, options)),
  [`${torch}l1_loss`]: elementwise((_, p, t, options) => losses.mae(p, t, options)),
  [`${torch}huber_loss`]: elementwise((had, p, t, options) =>
    losses.huber(p, t, { ...options, delta: had("delta", 1) }),
  ),
  [`${torch}smooth_l1_loss`]: elementwise((had, p, t, options) =>
    losses.smoothL1(p, t, { ...options, beta: had("beta", 1) }),
  ),
  [`${torch}soft_margin_loss`]: elementwise((_, p, t, options) => losses.softMargin(p, t, options)),
  [`${torch}multilabel_soft_margin_loss`]: loss((had, p, t) => {
    const each = losses.binaryCrossEntropy(p, t, none).mean(-1);
    const reduction = reductionOf(had);
    return reduction === "none" ? each : reduction === "sum" ? each.sum() : each.mean();
  }),
  // Distributions of one entry each, where the loss of each entry is wanted.
  [`${torch}kl_div`]: loss((had, p, t) => {
    const reduction = had<string>("reduction", "mean");
    const logTargets = had("log_target", false);
    if (reduction === "sum" || reduction === "batchmean")
      return losses.klDivergence(p, t, {
        reduction: reduction === "sum" ? "sum" : "mean",
        logTargets,
      });
    const each = losses.klDivergence(p.expandDims(-1), t.expandDims(-1), { ...none, logTargets });
    return reduction === "none" ? each : each.mean();
  }),
  [`${torch}nll_loss`]: loss(
    (had, p, t, row) =>
      losses.nll(p, t, {
        reduction: reductionOf(had),
        ...(row.inputs["weight"] && { classWeights: row.inputs["weight"].data }),
        ignoreIndex: had("ignore_index", -100),
      }),
    { labels: true, also: ["weight"] },
  ),
  [`${torch}binary_cross_entropy`]: elementwise((_, p, t, options) =>
    losses.binaryCrossEntropy(logit(p), t, options),
  ),
  [`${torch}hinge_embedding_loss`]: elementwise((had, p, t, options) =>
    losses.hingeEmbedding(p, t, { ...options, margin: had("margin", 1) }),
  ),
  [`${torch}margin_ranking_loss`]: lossOf((had, { input1, input2, target }) =>
    losses.marginRanking(input1!, input2!, target!, {
      reduction: reductionOf(had),
      margin: had("margin", 0),
    }),
  ),
  [`${torch}cosine_embedding_loss`]: lossOf((had, { input1, input2, target }) =>
    losses.cosineEmbedding(input1!, input2!, target!, {
      reduction: reductionOf(had),
      margin: had("margin", 0),
    }),
  ),
  [`${torch}triplet_margin_loss`]: lossOf((had, { anchor, positive, negative }) =>
    losses.tripletMargin(anchor!, positive!, negative!, {
      reduction: reductionOf(had),
      margin: had("margin", 1),
      p: had<1 | 2>("p", 2),
      swap: had("swap", false),
    }),
  ),
  [`${torch}multi_margin_loss`]: loss(
    (had, p, t, row) =>
      losses.multiMargin(p, t, {
        reduction: reductionOf(had),
        margin: had("margin", 1),
        squared: had<number>("p", 1) === 2,
        ...(row.inputs["weight"] && { classWeights: row.inputs["weight"].data }),
      }),
    { labels: true, also: ["weight"] },
  ),
  [`${torch}gaussian_nll_loss`]: lossOf((had, inputs) =>
    losses.gaussianNll(inputs["input"]!, inputs["target"]!, {
      variance: inputs["var"]!,
      reduction: reductionOf(had),
      full: had("full", false),
      epsilon: had("eps", 1e-6),
    }),
  ),
  [`${torch}poisson_nll_loss`]: elementwise((had, p, t, options) =>
    losses.poisson(p, t, {
      ...options,
      log: had("log_input", true),
      full: had("full", false),
      epsilon: had("eps", 1e-8),
    }),
  ),

  [`${kerasLosses}CategoricalCrossentropy`]: keras((had, p, t) =>
    losses.crossEntropy(logitsOf(had, p), t, {
      ...none,
      labelSmoothing: had("label_smoothing", 0),
    }),
  ),
  [`${kerasLosses}SparseCategoricalCrossentropy`]: (row) => {
    const ignored = row.options["ignore_class"] as number | undefined;
    if (ignored === undefined)
      return keras((had, p, t) => losses.crossEntropy(logitsOf(had, p), t, none), { labels: true })(
        row,
      );
    // Keras' mean leaves ignored examples out of the count, as ours does; with weights it needs our
    // losses one by one.
    loss(
      (had, p, t) => {
        p = logitsOf(had, p);
        const ignoreIndex = had<number>("ignore_class", 0);
        const weights = row.inputs["sample_weight"];
        const reduction = had<string>("reduction", "sum_over_batch_size");
        if (!weights) {
          if (reduction === "mean_with_sample_weight" || reduction === "sum_over_batch_size")
            return losses.crossEntropy(p, t, { ignoreIndex });
          return losses.crossEntropy(p, t, { ignoreIndex, reduction: reduction as "sum" | "none" });
        }
        const each = losses.crossEntropy(p, t, { ...none, ignoreIndex });
        const kept = t.notEqual(ignoreIndex).cast("float32");
        const weight = constantLike(each, weights).mul(kept);
        const weighted = each.mul(weight);
        if (reduction === "none") return weighted;
        if (reduction === "sum") return weighted.sum();
        return weighted
          .sum()
          .div(reduction === "mean_with_sample_weight" ? weight.sum() : kept.sum());
      },
      { labels: true, also: ["sample_weight"] },
    )(row);
  },
  [`${kerasLosses}BinaryCrossentropy`]: entries((had, p, t) =>
    losses.binaryCrossEntropy(binaryLogitsOf(had, p), t, {
      ...none,
      labelSmoothing: had("label_smoothing", 0),
    }),
  ),
  [`${kerasLosses}CategoricalFocalCrossentropy`]: keras((had, p, t) =>
    losses.categoricalFocal(logitsOf(had, p), t, {
      ...none,
      gamma: had("gamma", 2),
      alpha: had("alpha", 0.25),
    }),
  ),
  [`${kerasLosses}MeanAbsolutePercentageError`]: entries((_, p, t) => losses.mape(p, t, none)),
  [`${kerasLosses}MeanSquaredLogarithmicError`]: entries((_, p, t) => losses.msle(p, t, none)),
  [`${kerasLosses}Dice`]: keras((_, p, t) => losses.dice(p, t)),
  // What Keras says of alpha is true of its beta, and the other way round.
  [`${kerasLosses}Tversky`]: keras((had, p, t) =>
    losses.tversky(p, t, { alpha: had("beta", 0.5), beta: had("alpha", 0.5) }),
  ),
  [`${kerasLosses}BinaryFocalCrossentropy`]: entries((had, p, t) => {
    const alpha = had("alpha", 0.25);
    return losses.binaryFocal(binaryLogitsOf(had, p), t, {
      ...none,
      gamma: had("gamma", 2),
      ...(had<boolean>("apply_class_balancing", false) && { alpha }),
    });
  }),
  [`${kerasLosses}MeanSquaredError`]: entries((_, p, t) => losses.mse(p, t, none)),
  [`${kerasLosses}MeanAbsoluteError`]: entries((_, p, t) => losses.mae(p, t, none)),
  [`${kerasLosses}Huber`]: entries((had, p, t) =>
    losses.huber(p, t, { ...none, delta: had("delta", 1) }),
  ),
  // Keras holds log 2 in float32.
  [`${kerasLosses}LogCosh`]: entries((_, p, t) =>
    losses.logCosh(p, t, none).add(Math.LN2 - Math.fround(Math.LN2)),
  ),
  [`${kerasLosses}Hinge`]: entries((_, p, t) => losses.hinge(p, t, none)),
  [`${kerasLosses}SquaredHinge`]: entries((_, p, t) =>
    losses.hinge(p, t, { ...none, squared: true }),
  ),
  [`${kerasLosses}CategoricalHinge`]: keras((_, p, t) => losses.categoricalHinge(p, t, none)),
  // Keras takes probabilities, and holds both in [1e-7, 1].
  [`${kerasLosses}KLDivergence`]: keras((_, p, t) =>
    losses.klDivergence(p.clamp(1e-7, 1).log(), t.clamp(1e-7, 1), none),
  ),
  [`${kerasLosses}Poisson`]: entries((_, p, t) =>
    losses.poisson(p, t, { ...none, log: false, epsilon: 1e-7 }),
  ),
  // Keras' loss is the cosine, negated.
  [`${kerasLosses}CosineSimilarity`]: keras((_, p, t) => losses.cosineDistance(p, t, none).sub(1)),

  [`${optaxLosses}softmax_cross_entropy`]: optax((_, p, t) => losses.crossEntropy(p, t, none)),
  [`${optaxLosses}softmax_cross_entropy_with_integer_labels`]: optax(
    (_, p, t) => losses.crossEntropy(p, t, none),
    { labels: true },
  ),
  [`${optaxLosses}sigmoid_binary_cross_entropy`]: optax((_, p, t) =>
    losses.binaryCrossEntropy(p, t, none),
  ),
  [`${optaxLosses}sigmoid_focal_loss`]: optax((had, p, t) => {
    const alpha = had<number | null>("alpha", null);
    return losses.binaryFocal(p, t, {
      ...none,
      gamma: had("gamma", 2),
      ...(alpha !== null && { alpha }),
    });
  }),
  [`${optaxLosses}squared_error`]: optax((_, p, t) => losses.mse(p, t, none)),
  [`${optaxLosses}l2_loss`]: optax((_, p, t) => losses.mse(p, t, none).mul(0.5)),
  [`${optaxLosses}huber_loss`]: optax((had, p, t) =>
    losses.huber(p, t, { ...none, delta: had("delta", 1) }),
  ),
  [`${optaxLosses}log_cosh`]: optax((_, p, t) => losses.logCosh(p, t, none)),
  [`${optaxLosses}cosine_similarity`]: optax((had, p, t) =>
    losses
      .cosineDistance(p, t, { ...none, epsilon: had("epsilon", 0) ** 2 })
      .neg()
      .add(1),
  ),
  [`${optaxLosses}cosine_distance`]: optax((had, p, t) =>
    losses.cosineDistance(p, t, { ...none, epsilon: had("epsilon", 0) ** 2 }),
  ),
  [`${optaxLosses}hinge_loss`]: optax((_, p, t) => losses.hinge(p, t, none)),
  [`${optaxLosses}perceptron_loss`]: optax((_, p, t) => losses.hinge(p, t, { ...none, margin: 0 })),
  [`${optaxLosses}multiclass_hinge_loss`]: optax((_, p, t) => losses.multiclassHinge(p, t, none), {
    labels: true,
  }),
  [`${optaxLosses}multiclass_perceptron_loss`]: optax(
    (_, p, t) => losses.multiclassHinge(p, t, { ...none, margin: 0 }),
    { labels: true },
  ),
  [`${optaxLosses}poly_loss_cross_entropy`]: optax((had, p, t) =>
    losses.polyCrossEntropy(p, t, { ...none, epsilon: had("epsilon", 2) }),
  ),
  [`${optaxLosses}sparsemax_loss`]: optax((_, p, t) => losses.binarySparsemax(p, t, none)),
  [`${optaxLosses}kl_divergence`]: optax((_, p, t) => losses.klDivergence(p, t, none)),
});
