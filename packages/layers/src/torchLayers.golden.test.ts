import type { LayerPlan } from "@tenon/contracts";
import { golden, type GoldenArray } from "@tenon/golden";
import { tensor, type Tensor } from "@tenon/tensor";
import { goldenSuite, notCovered } from "@tenon/testkit";
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

const torchConv: Make = (option) => {
  option("in_channels", 0);
  return layers.conv2d(option("out_channels", 0), option<Pair>("kernel_size", 0), {
    paddingMode: option("padding_mode", "zeros"),
    strides: option<Pair>("stride", 1),
    padding: option<Pair | "same" | "valid">("padding", 0),
    dilation: option<Pair>("dilation", 1),
    groups: option("groups", 1),
    useBias: option("bias", true),
  });
};
const torchConv1d: Make = (option) => {
  option("in_channels", 0);
  return layers.conv1d(option("out_channels", 0), option<number>("kernel_size", 0), {
    paddingMode: option("padding_mode", "zeros"),
    strides: option("stride", 1),
    padding: option<number | "same" | "valid">("padding", 0),
    dilation: option("dilation", 1),
    groups: option("groups", 1),
    useBias: option("bias", true),
  });
};
const torchConvTranspose: Make = (option) => {
  option("in_channels", 0);
  return layers.conv2dTranspose(option("out_channels", 0), option<Pair>("kernel_size", 0), {
    strides: option<Pair>("stride", 1),
    padding: option<Pair>("padding", 0),
    outputPadding: option<Pair>("output_padding", 0),
    dilation: option<Pair>("dilation", 1),
    groups: option("groups", 1),
    useBias: option("bias", true),
  });
};
/** PyTorch's order is left, right, top, bottom. */
const torchPad =
  (mode: "zeros" | "reflect" | "replicate" | "circular"): Make =>
  (option) => {
    const [left, right, top, bottom] = option<readonly number[]>("padding", []) as [
      number,
      number,
      number,
      number,
    ];
    return layers.padding2d(
      [
        [top, bottom],
        [left, right],
      ],
      { mode, value: option("value", 0) },
    );
  };
const torchNormalize: Make = (option, row) =>
  layers.unitNormalization({
    axes: fromTheEnd(option("dim", 1), row),
    order: option("p", 2),
    epsilon: option("eps", 1e-12),
  });
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
/** The names of a recurrent layer's parameters in the rows of PyTorch. */
const torchRecurrent = {
  names: {
    recurrent_kernel: "recurrentKernel",
    bias_input: "bias",
    bias_recurrent: "recurrentBias",
  },
};
/** PyTorch gives the outputs of all steps, and has two biases. */
const torchSteps = (
  option: Parameters<Make>[0],
): {
  readonly returnSequences: true;
  readonly useBias: boolean;
  readonly recurrentBias: boolean;
} => {
  option("input_size", 0);
  if (!option("batch_first", false)) notCovered("steps before the batch");
  const useBias = option("bias", true);
  return { returnSequences: true, useBias, recurrentBias: useBias };
};
const rows = golden<Row>("layers").filter(({ lib }) => lib !== "keras");
goldenSuite("layers of PyTorch", rows, {
  "torch/torch.nn.Linear": layer(torchDense),
  "torch/torch.nn.Conv2d": layer(torchConv),
  "torch/torch.nn.MaxPool2d": layer((option) => {
    const window = option<Pair>("kernel_size", 0);
    const strides = option<Pair>("stride", window);
    const padding = option<Pair>("padding", 0);
    return layers.maxPool2d(window, {
      strides,
      padding,
      dilation: option<Pair>("dilation", 1),
      ceilMode: option("ceil_mode", false),
    });
  }),
  "torch/torch.nn.AvgPool2d": layer((option) => {
    const window = option<Pair>("kernel_size", 0);
    const strides = option<Pair>("stride", window);
    const padding = option<Pair>("padding", 0);
    const divisor = option<number | null>("divisor_override", null);
    return layers.avgPool2d(window, {
      strides,
      padding,
      ceilMode: option("ceil_mode", false),
      countPadding: option("count_include_pad", true),
      ...(divisor !== null && { divisor }),
    });
  }),
  "torch/torch.nn.Conv1d": layer(torchConv1d),
  "torch/torch.nn.ConvTranspose2d": layer(torchConvTranspose),
  "torch/torch.nn.MaxPool1d": layer((option) => {
    const window = option<number>("kernel_size", 0);
    return layers.maxPool1d(window, {
      strides: option("stride", window),
      padding: option("padding", 0),
      dilation: option("dilation", 1),
      ceilMode: option("ceil_mode", false),
    });
  }),
  "torch/torch.nn.AvgPool1d": layer((option) => {
    const window = option<number>("kernel_size", 0);
    return layers.avgPool1d(window, {
      strides: option("stride", window),
      padding: option("padding", 0),
      ceilMode: option("ceil_mode", false),
      countPadding: option("count_include_pad", true),
    });
  }),
  "torch/torch.nn.LPPool2d": layer((option) => {
    const window = option<Pair>("kernel_size", 0);
    return layers.lpPool2d(window, {
      order: option("norm_type", 2),
      strides: option<Pair>("stride", window),
      ceilMode: option("ceil_mode", false),
    });
  }),
  "torch/torch.nn.AdaptiveAvgPool2d": layer((option) =>
    layers.adaptiveAvgPool2d(option<Pair>("output_size", 1)),
  ),
  "torch/torch.nn.AdaptiveMaxPool2d": layer((option) =>
    layers.adaptiveMaxPool2d(option<Pair>("output_size", 1)),
  ),
  "torch/torch.nn.ZeroPad2d": layer(torchPad("zeros")),
  "torch/torch.nn.ConstantPad2d": layer(torchPad("zeros")),
  "torch/torch.nn.ReflectionPad2d": layer(torchPad("reflect")),
  "torch/torch.nn.ReplicationPad2d": layer(torchPad("replicate")),
  "torch/torch.nn.CircularPad2d": layer(torchPad("circular")),
  "torch/torch.nn.Upsample": layer((option) => {
    const size = option<Pair | null>("size", null);
    const how = {
      interpolation: option<"nearest" | "bilinear">("mode", "nearest"),
      alignCorners: option<boolean | null>("align_corners", null) === true,
    };
    const factor = option<Pair>("scale_factor", 1);
    return size === null ? layers.upsampling2d(factor, how) : layers.resize2d(size, how);
  }),
  "torch/torch.nn.PixelShuffle": layer((option) =>
    layers.pixelShuffle(option("upscale_factor", 0)),
  ),
  "torch/torch.nn.LocalResponseNorm": layer((option) =>
    layers.localResponseNorm(option("size", 0), {
      alpha: option("alpha", 1e-4),
      beta: option("beta", 0.75),
      k: option("k", 1),
    }),
  ),
  "torch/torch.nn.functional.normalize": layer(torchNormalize),
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
    return layers.instanceNorm({
      epsilon: option("eps", 1e-5),
      center: affine,
      scale: affine,
      track: option("track_running_stats", false),
      momentum: 1 - option("momentum", 0.1),
    });
  }, torchStats),
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
      const paddingIndex = option<number | null>("padding_idx", null);
      return layers.embedding(option("num_embeddings", 0), option("embedding_dim", 0), {
        ...(paddingIndex !== null && { paddingIndex }),
      });
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
    if (rate === 1)
      notCovered("a rate of 1 is refused: all would be zeros, and nothing left to learn from");
    if (row.training && rate > 0) notCovered("random masks");
    return layers.dropout(rate);
  }),

  "torch/torch.nn.functional.scaled_dot_product_attention": joining((option, { mask, inputs }) => {
    const causal = option("is_causal", false);
    const scale = option<number | undefined>("scale", undefined);
    const boolean = typeof (mask?.data[0] as unknown) === "boolean";
    const allowed =
      mask && tensor(mask.data.map(Number), mask.shape, boolean ? "int32" : "float32");
    const forwardAll = ([query, key, value]: readonly Tensor[]): Tensor =>
      layers.scaledDotProductAttention(query!, key!, value!, {
        causal,
        ...(scale !== undefined && { scale }),
        ...(allowed && { mask: allowed }),
      });
    const output = [...inputs!["q"]!.shape.slice(1, -1), inputs!["v"]!.shape.at(-1)!];
    const planAll = (): LayerPlan => ({ output, params: {}, stats: {} });
    return { ...layers.sequential(), planAll, forwardAll };
  }),
  "torch/torch.nn.MultiheadAttention": (row) => {
    const parted = (arrays: Arrays): Arrays =>
      Object.fromEntries(
        Object.entries(arrays).flatMap(([name, array]): [string, GoldenArray][] => {
          const [side, what] = name.split("_") as [string, string];
          if (side === "out") return [[`output/${what}`, array]];
          const width = array.shape.at(-1)! / 3;
          return ["query", "key", "value"].map((path, i) => [
            `${path}/${what}`,
            {
              shape: [...array.shape.slice(0, -1), width],
              data: array.data.filter((_, at) => Math.floor((at / width) % 3) === i),
            },
          ]);
        }),
      );
    layer((option) => {
      option("embed_dim", 0);
      option("batch_first", true);
      return layers.multiHeadAttention(option("num_heads", 1), { useBias: option("bias", true) });
    })({ ...row, params: parted(row.params!), grads: parted(row.grads!) });
  },
  "torch/torch.nn.RNN": layer((option) => {
    const activation =
      option<string>("nonlinearity", "tanh") === "relu" ? layers.relu() : layers.tanh();
    return layers.rnn(option("hidden_size", 0), { ...torchSteps(option), activation });
  }, torchRecurrent),
  "torch/torch.nn.LSTM": layer(
    (option) => layers.lstm(option("hidden_size", 0), torchSteps(option)),
    torchRecurrent,
  ),
  "torch/torch.nn.GRU": layer(
    (option) => layers.gru(option("hidden_size", 0), { ...torchSteps(option), gates: "rzn" }),
    torchRecurrent,
  ),
});
