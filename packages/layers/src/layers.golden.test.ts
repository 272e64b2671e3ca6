import { golden } from "@tenon/golden";
import { goldenSuite, notCovered } from "@tenon/testkit";
import * as layers from "./index.js";
import { layer, type Make, type Row, type Pair, type Arrays } from "./internal/goldenLayer.js";

const torchConv: Make = (option) => {
  option("in_channels", 0);
  if (option("padding_mode", "zeros") !== "zeros")
    notCovered("padding with something else than zeros");
  return layers.conv2d(option("out_channels", 0), option<Pair>("kernel_size", 0), {
    strides: option<Pair>("stride", 1),
    padding: option<Pair | "same" | "valid">("padding", 0),
    dilation: option<Pair>("dilation", 1),
    groups: option("groups", 1),
    useBias: option("bias", true),
  });
};
const torchDense: Make = (option, row) => {
  option("in_features", 0);
  return layers.dense(option("out_features", row.y.shape.at(-1)!), {
    useBias: option("bias", true),
  });
};
const torchBatchNorm: Make = (option) => {
  option("num_features", 0);
  const momentum = option<number | null>("momentum", 0.1);
  const affine = option("affine", true);
  return layers.batchNorm({
    momentum: momentum === null ? "cumulative" : 1 - momentum,
    epsilon: option("eps", 1e-5),
    unbiased: true,
    center: affine,
    scale: affine,
    track: option("track_running_stats", true),
  });
};
const torchStats = {
  names: { running_mean: "mean", running_var: "variance", num_batches_tracked: "count" },
};
/** The axes that PyTorch means by the sizes of the last ones. */
const lastAxes = (shape: readonly number[]): number[] => shape.map((_, i) => i - shape.length);
/** One window for each output cell, where they fit evenly. */
const evenWindow = (option: Parameters<Make>[0], row: Row): readonly [number, number] => {
  const size = option<Pair>("output_size", 1);
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
      : notCovered("the batch axis among those normalized over");
  });
const kerasPool = (
  option: Parameters<Make>[0],
): [Pair, { strides: Pair; padding: "valid" | "same" }] => {
  const window = option<Pair>("pool_size", 2);
  return [
    window,
    {
      strides: option<Pair | null>("strides", null) ?? window,
      padding: option<"valid" | "same">("padding", "valid"),
    },
  ];
};

goldenSuite("layers", golden<Row>("layers"), {
  "torch/torch.nn.Linear": layer(torchDense),
  "torch/torch.nn.Conv2d": layer(torchConv),
  "torch/torch.nn.MaxPool2d": layer((option) => {
    const window = option<Pair>("kernel_size", 0);
    const strides = option<Pair>("stride", window);
    const padding = option<Pair>("padding", 0);
    if (option<Pair>("dilation", 1) !== 1) notCovered("dilated pooling");
    if (option("ceil_mode", false)) notCovered("windows that hang over the edge (ceil_mode)");
    return layers.maxPool2d(window, { strides, padding });
  }),
  "torch/torch.nn.AvgPool2d": layer((option) => {
    const window = option<Pair>("kernel_size", 0);
    const strides = option<Pair>("stride", window);
    const padding = option<Pair>("padding", 0);
    if (option("ceil_mode", false)) notCovered("windows that hang over the edge (ceil_mode)");
    if (option<number | null>("divisor_override", null) !== null)
      notCovered("another divisor than the window's size");
    return layers.avgPool2d(window, {
      strides,
      padding,
      countPadding: option("count_include_pad", true),
    });
  }),
  "torch/torch.nn.AdaptiveAvgPool2d": layer((option, row) =>
    layers.avgPool2d(evenWindow(option, row)),
  ),
  "torch/torch.nn.AdaptiveMaxPool2d": layer((option, row) =>
    layers.maxPool2d(evenWindow(option, row)),
  ),
  "torch/torch.nn.BatchNorm1d": layer(torchBatchNorm, torchStats),
  "torch/torch.nn.BatchNorm2d": layer(torchBatchNorm, torchStats),
  "torch/torch.nn.LayerNorm": layer((option) => {
    const affine = option("elementwise_affine", true);
    const center = option("bias", true) && affine;
    return layers.layerNorm({
      axes: lastAxes(option<number[]>("normalized_shape", [])),
      epsilon: option("eps", 1e-5),
      scale: affine,
      center,
    });
  }),
  "torch/torch.nn.RMSNorm": layer((option) =>
    layers.rmsNorm({
      axes: lastAxes(option<number[]>("normalized_shape", [])),
      epsilon: option<number | null>("eps", null) ?? Number.EPSILON,
      scale: option("elementwise_affine", true),
    }),
  ),
  "torch/torch.nn.GroupNorm": layer((option) => {
    option("num_channels", 0);
    const affine = option("affine", true);
    return layers.groupNorm(option("num_groups", 1), {
      epsilon: option("eps", 1e-5),
      center: affine,
      scale: affine,
    });
  }),
  "torch/torch.nn.InstanceNorm2d": layer((option) => {
    option("num_features", 0);
    const affine = option("affine", false);
    if (option("track_running_stats", false)) notCovered("running statistics of instances");
    return layers.instanceNorm({ epsilon: option("eps", 1e-5), center: affine, scale: affine });
  }),
  "torch/torch.nn.utils.parametrizations.weight_norm": layer((option, row) => {
    const module = option<string>("module", "");
    const dim = option<number | null>("dim", 0);
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
    (option) => {
      if (option<number | null>("padding_idx", null) !== null)
        notCovered("a row that is not learned");
      return layers.embedding(option("num_embeddings", 0), option("embedding_dim", 0));
    },
    { integers: true },
  ),
  "torch/torch.nn.PReLU": layer((option) =>
    layers.prelu({ per: option<number>("num_parameters", 1) === 1 ? "layer" : "channel" }),
  ),
  "torch/torch.nn.Flatten": layer((option) =>
    option("start_dim", 1) === 1 && option("end_dim", -1) === -1
      ? layers.flatten()
      : notCovered("some axes only"),
  ),
  "torch/torch.nn.Dropout": layer((option, row) => {
    const rate = option<number>("p", 0.5);
    if (rate === 1) notCovered("a rate of 1: nothing would be left to learn from");
    if (row.training && rate > 0) notCovered("random masks");
    return layers.dropout(rate);
  }),

  "keras/keras.layers.Dense": layer((option) => {
    const dense = layers.dense(option("units", 0), { useBias: option("use_bias", true) });
    const activation = option<string | null>("activation", null);
    if (activation === null) return dense;
    // Keras' activation inside a layer is a layer after it here.
    const after = activation === "relu" ? layers.relu() : notCovered(`activation ${activation}`);
    return { ...dense, forward: (x, pass) => after.apply(dense.forward(x, pass)) };
  }),
  "keras/keras.layers.Conv2D": layer((option) =>
    layers.conv2d(option("filters", 0), option<Pair>("kernel_size", 0), {
      strides: option<Pair>("strides", 1),
      padding: option<"valid" | "same">("padding", "valid"),
      dilation: option<Pair>("dilation_rate", 1),
      groups: option("groups", 1),
      useBias: option("use_bias", true),
    }),
  ),
  "keras/keras.layers.MaxPooling2D": layer((option) => layers.maxPool2d(...kerasPool(option))),
  "keras/keras.layers.AveragePooling2D": layer((option) => layers.avgPool2d(...kerasPool(option))),
  "keras/keras.layers.GlobalAveragePooling2D": layer((option) =>
    layers.globalAvgPool2d({ keepDims: option("keepdims", false) }),
  ),
  "keras/keras.layers.GlobalMaxPooling2D": layer((option) =>
    layers.globalMaxPool2d({ keepDims: option("keepdims", false) }),
  ),
  "keras/keras.layers.BatchNormalization": layer(
    (option, row) => {
      const axis = option("axis", -1);
      const rank = (row.x ?? row.batches![0]).shape.length;
      if (axis !== -1 && axis !== rank - 1) notCovered("channels along another axis than the last");
      return layers.batchNorm({
        momentum: option("momentum", 0.99),
        epsilon: option("epsilon", 1e-3),
        center: option("center", true),
        scale: option("scale", true),
      });
    },
    { names: { moving_mean: "mean", moving_variance: "variance" } },
  ),
  "keras/keras.layers.LayerNormalization": layer((option, row) =>
    layers.layerNorm({
      axes: fromTheEnd(option<unknown>("axis", -1), row),
      epsilon: option("epsilon", 1e-3),
      center: option("center", true),
      scale: option("scale", true),
    }),
  ),
  "keras/keras.layers.GroupNormalization": layer((option, row) => {
    if (option("axis", -1) !== -1) notCovered("channels along another axis than the last");
    const groups = option<number>("groups", 32);
    return layers.groupNorm(groups === -1 ? row.x.shape.at(-1)! : groups, {
      epsilon: option("epsilon", 1e-3),
      center: option("center", true),
      scale: option("scale", true),
    });
  }),
  "keras/keras.layers.RMSNormalization": layer(
    (option, row) =>
      layers.rmsNorm({
        axes: fromTheEnd(option<unknown>("axis", -1), row),
        epsilon: option("epsilon", 1e-6),
      }),
    { names: { scale: "gamma" } },
  ),
  // TensorFlow holds the gradient in float32.
  "keras/keras.layers.LeakyReLU": layer((option) =>
    layers.leakyRelu(Math.fround(option("negative_slope", 0.3))),
  ),
  "keras/keras.layers.ELU": layer((option) => layers.elu({ alpha: option("alpha", 1) })),
  "keras/keras.layers.ReLU": layer((option) => {
    const bent = option<number | null>("negative_slope", 0);
    const from = option("threshold", 0);
    const to = option<number | null>("max_value", null);
    return bent === 0 && from === 0 && to === null
      ? layers.relu()
      : notCovered("a relu with other linear segments");
  }),
  "keras/keras.layers.Softmax": layer((option) => layers.softmax({ axis: option("axis", -1) })),
  "keras/keras.layers.PReLU": (row) => {
    const shared = row.options["shared_axes"] as readonly number[] | undefined;
    const rank = row.x.shape.length;
    if (shared && (shared.length !== rank - 2 || shared.some((axis, i) => axis !== i + 1)))
      notCovered("slopes repeated along other axes than all but the last");
    // Keras keeps the shared axes with size 1.
    const flat = (arrays: Arrays): Arrays =>
      shared ? { alpha: { shape: [row.x.shape.at(-1)!], data: arrays["alpha"]!.data } } : arrays;
    layer(
      (option) => {
        option("shared_axes", null);
        return layers.prelu({ per: shared ? "channel" : "entry" });
        // Keras' gradient at 0 is 0, PyTorch's and ours α.
      },
      { kink: 0 },
    )({ ...row, params: flat(row.params!), grads: flat(row.grads!) });
  },
  "keras/keras.layers.Embedding": layer(
    (option) => layers.embedding(option("input_dim", 0), option("output_dim", 0)),
    { names: { embeddings: "table" }, integers: true },
  ),
  "keras/keras.layers.Flatten": layer(() => layers.flatten()),
});
