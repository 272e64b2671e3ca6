import { golden } from "@tenon/golden";
import { goldenSuite, notCovered } from "@tenon/testkit";
import * as layers from "./index.js";
import { layer, type Make, type Row, type Pair, type Arrays } from "./internal/goldenLayer.js";

const torchConv: Make = (had) => {
  had("in_channels", 0);
  if (had("padding_mode", "zeros") !== "zeros")
    notCovered("padding with something else than zeros");
  return layers.conv2d(had("out_channels", 0), had<Pair>("kernel_size", 0), {
    strides: had<Pair>("stride", 1),
    padding: had<Pair | "same" | "valid">("padding", 0),
    dilation: had<Pair>("dilation", 1),
    groups: had("groups", 1),
    useBias: had("bias", true),
  });
};
const torchDense: Make = (had, row) => {
  had("in_features", 0);
  return layers.dense(had("out_features", row.y.shape.at(-1)!), { useBias: had("bias", true) });
};
const torchBatchNorm: Make = (had) => {
  had("num_features", 0);
  const momentum = had<number | null>("momentum", 0.1);
  const affine = had("affine", true);
  return layers.batchNorm({
    momentum: momentum === null ? "cumulative" : 1 - momentum,
    epsilon: had("eps", 1e-5),
    unbiased: true,
    center: affine,
    scale: affine,
    track: had("track_running_stats", true),
  });
};
const torchStats = {
  names: { running_mean: "mean", running_var: "variance", num_batches_tracked: "count" },
};
/** The axes that PyTorch means by the sizes of the last ones. */
const lastAxes = (shape: readonly number[]): number[] => shape.map((_, i) => i - shape.length);
/** One window for each output cell, where they fit evenly. */
const evenWindow = (had: Parameters<Make>[0], row: Row): readonly [number, number] => {
  const size = had<Pair>("output_size", 1);
  const [, h, w] = row.x.shape as [number, number, number];
  const [rows, columns] = typeof size === "number" ? [size, size] : size;
  if (h % rows !== 0 || w % columns !== 0) notCovered("windows of unequal size");
  return [h / rows, w / columns];
};
/** Keras counts the batch axis. */
const fromTheEnd = (axis: unknown, row: Row): number[] =>
  (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map((a) => {
    const fromEnd = a < 0 ? a : a - row.x.shape.length;
    return fromEnd > -row.x.shape.length
      ? fromEnd
      : notCovered("the batch axis among those normalised over");
  });
const kerasPool = (
  had: Parameters<Make>[0],
): [Pair, { strides: Pair; padding: "valid" | "same" }] => {
  const window = had<Pair>("pool_size", 2);
  return [
    window,
    {
      strides: had<Pair | null>("strides", null) ?? window,
      padding: had<"valid" | "same">("padding", "valid"),
    },
  ];
};

goldenSuite("layers", golden<Row>("layers"), {
  "torch/torch.nn.Linear": layer(torchDense),
  "torch/torch.nn.Conv2d": layer(torchConv),
  "torch/torch.nn.MaxPool2d": layer((had) => {
    const window = had<Pair>("kernel_size", 0);
    const strides = had<Pair>("stride", window);
    const padding = had<Pair>("padding", 0);
    if (had<Pair>("dilation", 1) !== 1) notCovered("dilated pooling");
    if (had("ceil_mode", false)) notCovered("windows that hang over the edge (ceil_mode)");
    return layers.maxPool2d(window, { strides, padding });
  }),
  "torch/torch.nn.AvgPool2d": layer((had) => {
    const window = had<Pair>("kernel_size", 0);
    const strides = had<Pair>("stride", window);
    const padding = had<Pair>("padding", 0);
    if (had("ceil_mode", false)) notCovered("windows that hang over the edge (ceil_mode)");
    if (had<number | null>("divisor_override", null) !== null)
      notCovered("another divisor than the window's size");
    return layers.avgPool2d(window, {
      strides,
      padding,
      countPadding: had("count_include_pad", true),
    });
  }),
  "torch/torch.nn.AdaptiveAvgPool2d": layer((had, row) => layers.avgPool2d(evenWindow(had, row))),
  "torch/torch.nn.AdaptiveMaxPool2d": layer((had, row) => layers.maxPool2d(evenWindow(had, row))),
  "torch/torch.nn.BatchNorm1d": layer(torchBatchNorm, torchStats),
  "torch/torch.nn.BatchNorm2d": layer(torchBatchNorm, torchStats),
  "torch/torch.nn.LayerNorm": layer((had) => {
    const affine = had("elementwise_affine", true);
    const center = had("bias", true) && affine;
    return layers.layerNorm({
      axes: lastAxes(had<number[]>("normalized_shape", [])),
      epsilon: had("eps", 1e-5),
      scale: affine,
      center,
    });
  }),
  "torch/torch.nn.RMSNorm": layer((had) =>
    layers.rmsNorm({
      axes: lastAxes(had<number[]>("normalized_shape", [])),
      epsilon: had<number | null>("eps", null) ?? Number.EPSILON,
      scale: had("elementwise_affine", true),
    }),
  ),
  "torch/torch.nn.GroupNorm": layer((had) => {
    had("num_channels", 0);
    const affine = had("affine", true);
    return layers.groupNorm(had("num_groups", 1), {
      epsilon: had("eps", 1e-5),
      center: affine,
      scale: affine,
    });
  }),
  "torch/torch.nn.InstanceNorm2d": layer((had) => {
    had("num_features", 0);
    const affine = had("affine", false);
    if (had("track_running_stats", false)) notCovered("running statistics of instances");
    return layers.instanceNorm({ epsilon: had("eps", 1e-5), center: affine, scale: affine });
  }),
  "torch/torch.nn.utils.parametrizations.weight_norm": layer((had, row) => {
    const module = had<string>("module", "");
    const dim = had<number | null>("dim", 0);
    const v = row.params!["v"]!;
    if (dim !== 0 && dim !== null) notCovered(`lengths along axis ${dim}`);
    const useBias = "bias" in row.params!;
    const outputs = v.shape.at(-1)!;
    const inner =
      module === "torch.nn.Linear"
        ? layers.dense(outputs, { useBias })
        : module === "torch.nn.Conv2d"
          ? layers.conv2d(outputs, v.shape.slice(0, 2) as [number, number], { useBias })
          : notCovered(`weight norm of ${module}`);
    // The row does not say the convolution's padding; only one without would make this output.
    const planned = inner.plan(row.x.shape.slice(1)).output;
    if (planned.join() !== row.y.shape.slice(1).join())
      notCovered("a convolution with padding or strides that the row does not say");
    return layers.weightNorm(inner, { per: dim === null ? "kernel" : "output" });
  }),
  "torch/torch.nn.Embedding": layer(
    (had) => {
      if (had<number | null>("padding_idx", null) !== null) notCovered("a row that is not learned");
      return layers.embedding(had("num_embeddings", 0), had("embedding_dim", 0));
    },
    { integers: true },
  ),
  "torch/torch.nn.PReLU": layer((had) =>
    layers.prelu({ per: had<number>("num_parameters", 1) === 1 ? "layer" : "channel" }),
  ),
  "torch/torch.nn.Flatten": layer((had) =>
    had("start_dim", 1) === 1 && had("end_dim", -1) === -1
      ? layers.flatten()
      : notCovered("some axes only"),
  ),
  "torch/torch.nn.Dropout": layer((had, row) => {
    const rate = had<number>("p", 0.5);
    if (rate === 1) notCovered("a rate of 1: nothing would be left to learn from");
    if (row.training && rate > 0) notCovered("random masks");
    return layers.dropout(rate);
  }),

  "keras/keras.layers.Dense": layer((had) => {
    const dense = layers.dense(had("units", 0), { useBias: had("use_bias", true) });
    const activation = had<string | null>("activation", null);
    if (activation === null) return dense;
    // Keras' activation inside a layer is a layer after it here.
    const after = activation === "relu" ? layers.relu() : notCovered(`activation ${activation}`);
    return { ...dense, forward: (x, pass) => after.apply(dense.forward(x, pass)) };
  }),
  "keras/keras.layers.Conv2D": layer((had) =>
    layers.conv2d(had("filters", 0), had<Pair>("kernel_size", 0), {
      strides: had<Pair>("strides", 1),
      padding: had<"valid" | "same">("padding", "valid"),
      dilation: had<Pair>("dilation_rate", 1),
      groups: had("groups", 1),
      useBias: had("use_bias", true),
    }),
  ),
  "keras/keras.layers.MaxPooling2D": layer((had) => layers.maxPool2d(...kerasPool(had))),
  "keras/keras.layers.AveragePooling2D": layer((had) => layers.avgPool2d(...kerasPool(had))),
  "keras/keras.layers.GlobalAveragePooling2D": layer((had) =>
    layers.globalAvgPool2d({ keepDims: had("keepdims", false) }),
  ),
  "keras/keras.layers.GlobalMaxPooling2D": layer((had) =>
    layers.globalMaxPool2d({ keepDims: had("keepdims", false) }),
  ),
  "keras/keras.layers.BatchNormalization": layer(
    (had, row) => {
      const axis = had("axis", -1);
      const rank = (row.x ?? row.batches![0]).shape.length;
      if (axis !== -1 && axis !== rank - 1) notCovered("channels along another axis than the last");
      return layers.batchNorm({
        momentum: had("momentum", 0.99),
        epsilon: had("epsilon", 1e-3),
        center: had("center", true),
        scale: had("scale", true),
      });
    },
    { names: { moving_mean: "mean", moving_variance: "variance" } },
  ),
  "keras/keras.layers.LayerNormalization": layer((had, row) =>
    layers.layerNorm({
      axes: fromTheEnd(had<unknown>("axis", -1), row),
      epsilon: had("epsilon", 1e-3),
      center: had("center", true),
      scale: had("scale", true),
    }),
  ),
  "keras/keras.layers.GroupNormalization": layer((had, row) => {
    if (had("axis", -1) !== -1) notCovered("channels along another axis than the last");
    const groups = had<number>("groups", 32);
    return layers.groupNorm(groups === -1 ? row.x.shape.at(-1)! : groups, {
      epsilon: had("epsilon", 1e-3),
      center: had("center", true),
      scale: had("scale", true),
    });
  }),
  "keras/keras.layers.RMSNormalization": layer(
    (had, row) =>
      layers.rmsNorm({
        axes: fromTheEnd(had<unknown>("axis", -1), row),
        epsilon: had("epsilon", 1e-6),
      }),
    { names: { scale: "gamma" } },
  ),
  // TensorFlow holds the gradient in float32.
  "keras/keras.layers.LeakyReLU": layer((had) =>
    layers.leakyRelu(Math.fround(had("negative_slope", 0.3))),
  ),
  "keras/keras.layers.ELU": layer((had) => layers.elu({ alpha: had("alpha", 1) })),
  "keras/keras.layers.ReLU": layer((had) => {
    const bent = had<number | null>("negative_slope", 0);
    const from = had("threshold", 0);
    const to = had<number | null>("max_value", null);
    return bent === 0 && from === 0 && to === null
      ? layers.relu()
      : notCovered("a relu with other linear segments");
  }),
  "keras/keras.layers.Softmax": layer((had) => layers.softmax({ axis: had("axis", -1) })),
  "keras/keras.layers.PReLU": (row) => {
    const shared = row.options["shared_axes"] as readonly number[] | undefined;
    const rank = row.x.shape.length;
    if (shared && (shared.length !== rank - 2 || shared.some((axis, i) => axis !== i + 1)))
      notCovered("slopes repeated along other axes than all but the last");
    // Keras keeps the shared axes with size 1.
    const flat = (arrays: Arrays): Arrays =>
      shared ? { alpha: { shape: [row.x.shape.at(-1)!], data: arrays["alpha"]!.data } } : arrays;
    layer(
      (had) => {
        had("shared_axes", null);
        return layers.prelu({ per: shared ? "channel" : "entry" });
        // Keras' gradient at 0 is 0, PyTorch's and ours α.
      },
      { kink: 0 },
    )({ ...row, params: flat(row.params!), grads: flat(row.grads!) });
  },
  "keras/keras.layers.Embedding": layer(
    (had) => layers.embedding(had("input_dim", 0), had("output_dim", 0)),
    { names: { embeddings: "table" }, integers: true },
  ),
  "keras/keras.layers.Flatten": layer(() => layers.flatten()),
});
