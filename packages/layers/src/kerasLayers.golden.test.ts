import type { NDArray } from "@tenon/contracts";
import { golden } from "@tenon/golden";
import { tensor, variance } from "@tenon/tensor";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import * as layers from "./index.js";
import {
  fromTheEnd,
  joining,
  layer,
  type Arrays,
  type Make,
  type Pair,
  type Row,
} from "./internal/goldenLayer.js";
import { run, type Given } from "./internal/testing.js";

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
/** The options of all recurrent layers of Keras. */
const kerasSteps = (
  option: Parameters<Make>[0],
): Record<"returnSequences" | "goBackwards" | "useBias", boolean> => ({
  returnSequences: option("return_sequences", false),
  goBackwards: option("go_backwards", false),
  useBias: option("use_bias", true),
});
const kerasRecurrent = (cell: string): { readonly names: Readonly<Record<string, string>> } => ({
  names: {
    [`${cell}/kernel`]: "kernel",
    [`${cell}/recurrent_kernel`]: "recurrentKernel",
    [`${cell}/bias`]: "bias",
    [`${cell}/recurrent_bias`]: "recurrentBias",
  },
});

const rows = golden<Row>("layers").filter(({ lib }) => lib === "keras");
goldenSuite("layers of Keras", rows, {
  "keras/keras.layers.SimpleRNN": layer(
    (option) => layers.rnn(option("units", 0), kerasSteps(option)),
    kerasRecurrent("simple_rnn_cell"),
  ),
  "keras/keras.layers.LSTM": layer(
    (option) => layers.lstm(option("units", 0), kerasSteps(option)),
    kerasRecurrent("lstm_cell"),
  ),
  "keras/keras.layers.GRU": (row) => {
    // Keras has both biases in one array.
    const split = ({ "gru_cell/bias": bias, ...arrays }: Arrays): Arrays => {
      if (bias!.shape.length === 1) return { ...arrays, "gru_cell/bias": bias! };
      const [, columns] = bias!.shape as [number, number];
      const part = (i: number): Arrays[string] => ({
        shape: [columns],
        data: bias!.data.slice(i * columns, (i + 1) * columns),
      });
      return { ...arrays, "gru_cell/bias": part(0), "gru_cell/recurrent_bias": part(1) };
    };
    layer(
      (option) =>
        layers.gru(option("units", 0), {
          ...kerasSteps(option),
          resetAfter: option("reset_after", true),
        }),
      kerasRecurrent("gru_cell"),
    )({ ...row, params: split(row.params!), grads: split(row.grads!) });
  },
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
  "keras/keras.layers.Conv1D": layer((option) =>
    layers.conv1d(option("filters", 0), option<number>("kernel_size", 0), {
      strides: option("strides", 1),
      padding: option<"valid" | "same" | "causal">("padding", "valid"),
      dilation: option("dilation_rate", 1),
      groups: option("groups", 1),
      useBias: option("use_bias", true),
    }),
  ),
  "keras/keras.layers.Conv2DTranspose": layer((option) =>
    layers.conv2dTranspose(option("filters", 0), option<Pair>("kernel_size", 0), {
      strides: option<Pair>("strides", 1),
      padding: option<"valid" | "same">("padding", "valid"),
      dilation: option<Pair>("dilation_rate", 1),
      useBias: option("use_bias", true),
    }),
  ),
  "keras/keras.layers.DepthwiseConv2D": layer((option) =>
    layers.depthwiseConv2d(option<Pair>("kernel_size", 0), {
      depthMultiplier: option("depth_multiplier", 1),
      strides: option<Pair>("strides", 1),
      padding: option<"valid" | "same">("padding", "valid"),
      dilation: option<Pair>("dilation_rate", 1),
      useBias: option("use_bias", true),
    }),
  ),
  "keras/keras.layers.SeparableConv2D": layer(
    (option) =>
      layers.separableConv2d(option("filters", 0), option<Pair>("kernel_size", 0), {
        depthMultiplier: option("depth_multiplier", 1),
        strides: option<Pair>("strides", 1),
        padding: option<"valid" | "same">("padding", "valid"),
        useBias: option("use_bias", true),
      }),
    {
      names: {
        depthwise_kernel: "depthwise/kernel",
        pointwise_kernel: "pointwise/kernel",
        bias: "pointwise/bias",
      },
    },
  ),
  "keras/keras.layers.MaxPooling1D": layer((option) => {
    const window = option("pool_size", 2);
    return layers.maxPool1d(window, {
      strides: option<number | null>("strides", null) ?? window,
      padding: option<"valid" | "same">("padding", "valid"),
    });
  }),
  "keras/keras.layers.AveragePooling1D": layer((option) => {
    const window = option("pool_size", 2);
    return layers.avgPool1d(window, {
      strides: option<number | null>("strides", null) ?? window,
      padding: option<"valid" | "same">("padding", "valid"),
    });
  }),
  "keras/keras.layers.GlobalAveragePooling1D": layer((option) =>
    layers.globalAvgPool1d({ keepDims: option("keepdims", false) }),
  ),
  "keras/keras.layers.UpSampling1D": layer((option) => layers.upsampling1d(option("size", 2))),
  "keras/keras.layers.UpSampling2D": layer((option) =>
    layers.upsampling2d(option<Pair>("size", 2), {
      interpolation: option<"nearest" | "bilinear">("interpolation", "nearest"),
    }),
  ),
  "keras/keras.layers.ZeroPadding2D": layer((option) =>
    layers.padding2d(option<Pair>("padding", 1)),
  ),
  "keras/keras.layers.Cropping2D": layer((option) =>
    layers.cropping2d(option<Pair>("cropping", 0)),
  ),
  "keras/keras.layers.Rescaling": layer((option) =>
    layers.rescaling(option("scale", 1), option("offset", 0)),
  ),
  "keras/keras.layers.Permute": layer((option) => layers.permute(option<number[]>("dims", []))),
  "keras/keras.layers.RepeatVector": layer((option) => layers.repeatVector(option("n", 1))),
  "keras/keras.layers.UnitNormalization": layer((option, row) =>
    layers.unitNormalization({
      axes: fromTheEnd(option<unknown>("axis", -1), row),
      order: option("order", 2),
    }),
  ),
  "keras/keras.layers.Normalization": (row) => {
    // Keras' `adapt`: mean and variance over all axes but the given one.
    const data = tensor(row["data"] as NDArray);
    const axes = row.options["axis"] === null ? undefined : 0;
    const [mean, squared] = [data.mean(axes), variance(data, axes)].map((x) => [...x.data()]) as [
      number[],
      number[],
    ];
    expectClose(mean, (row["mean"] as Given).data, 1e-6);
    expectClose(squared, (row["variance"] as Given).data, 1e-6);
    const exact = (key: string): number[] => Array.from((row[key] as Given).data);
    const { y } = run(layers.normalization(exact("mean"), exact("variance")), { x: row.x });
    expectClose(y.data, row.y.data, toleranceOf(row));
  },
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
      const [axis] = fromTheEnd(option("axis", -1), row) as [number];
      return layers.batchNorm({
        axis,
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
    const maxValue = option<number | null>("max_value", null);
    return layers.piecewiseRelu({
      negativeSlope: option<number | null>("negative_slope", 0) ?? 0,
      threshold: option("threshold", 0),
      ...(maxValue !== null && { maxValue }),
    });
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
  "keras/keras.layers.Add": joining(() => layers.add()),
  "keras/keras.layers.Subtract": joining(() => layers.subtract()),
  "keras/keras.layers.Multiply": joining(() => layers.multiply()),
  "keras/keras.layers.Average": joining(() => layers.average()),
  "keras/keras.layers.Maximum": joining(() => layers.maximum()),
  "keras/keras.layers.Minimum": joining(() => layers.minimum()),
  "keras/keras.layers.Concatenate": joining((option, row) =>
    layers.concatenate(fromTheEnd(option("axis", -1), { ...row, x: row.inputs!["a"]! })[0]!),
  ),
  "keras/keras.layers.MultiHeadAttention": (row) => {
    // Keras keeps an axis of heads, ours are side by side.
    const flat = (arrays: Arrays): Arrays =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, { shape, data }]) => {
          const path = name.replace("attention_output", "output");
          const inputs = path === "output/kernel" ? shape[0]! * shape[1]! : shape[0]!;
          return [
            path,
            {
              shape: path.endsWith("kernel") ? [inputs, data.length / inputs] : [data.length],
              data,
            },
          ];
        }),
      );
    const attention = (option: Parameters<Make>[0]) => {
      const valueDim = option<number | undefined>("value_dim", undefined);
      const outputDim = option<number | undefined>("output_shape", undefined);
      return layers.multiHeadAttention(option("num_heads", 1), {
        keyDim: option("key_dim", 1),
        ...(valueDim !== undefined && { valueDim }),
        ...(outputDim !== undefined && { outputDim }),
        useBias: option("use_bias", true),
        causal: row.call!["use_causal_mask"] === true,
      });
    };
    const ours = { ...row, params: flat(row.params!), grads: flat(row.grads!) };
    const { query, value } = row.inputs!;
    // Attention to itself: what Keras gives for either is the gradient of both.
    if (query!.data.join() === value!.data.join())
      layer(attention)({ ...ours, x: query!, dx: row.input_grads!["query"]! });
    else joining(attention)(ours);
  },
});
