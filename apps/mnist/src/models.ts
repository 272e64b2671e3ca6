import type { Init, Layer } from "@tenon/contracts";
import {
  fanInNormal,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  normal,
  orthogonal,
  uniform,
  widthNormal,
} from "@tenon/init";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  inception,
  layerNorm,
  maxPool2d,
  relu,
  residual,
  sequential,
  weightNorm,
} from "@tenon/layers";
import type { Tensor } from "@tenon/tensor";
import { fail } from "@tenon/terminal/fail";
import { models, type Config } from "./config.js";

type Model = Layer<Tensor>;

const inits: Readonly<Record<Config["init"], () => Init>> = {
  "glorot-uniform": glorotUniform,
  "glorot-normal": glorotNormal,
  "he-uniform": heUniform,
  "he-normal": heNormal,
  "lecun-uniform": lecunUniform,
  "lecun-normal": lecunNormal,
  "fan-in-normal": fanInNormal,
  "width-normal": widthNormal,
  uniform,
  normal,
  orthogonal,
};

type Shaped = Pick<Config, "model" | "filters" | "dropout" | "init" | "normalization" | "classes">;

/**
 * Builds the network of a configuration; it takes images [28, 28, 1] (or others) and gives a logit
 * for each class.
 */
export function modelOf({
  model,
  filters,
  dropout: rate,
  init,
  normalization,
  classes,
}: Shaped): Model {
  const kernelInit = inits[init]();
  // A layer with its normalization and its activation; a normalized layer needs no bias of its own.
  const normed = (layer: (useBias: boolean) => Model): Model[] => {
    if (normalization === "batch") return [layer(false), batchNorm({ momentum: 0.9 })];
    if (normalization === "layer") return [layer(false), layerNorm()];
    return [normalization === "weight" ? weightNorm(layer(true)) : layer(true)];
  };
  const conv = (
    filters: number,
    size: number,
    options: { readonly strides?: number; readonly padding?: "same" } = {},
  ): Model[] => normed((useBias) => conv2d(filters, size, { ...options, kernelInit, useBias }));
  // A batch norm behind the pool normalizes a quarter of the values, and trains better.
  const pooled = (filters: number): Model[] => {
    const [layer, ...norm] = conv(filters, 3) as [Model, ...Model[]];
    return normalization === "batch"
      ? [layer, maxPool2d(2), ...norm, relu()]
      : [layer, ...norm, relu(), maxPool2d(2)];
  };
  const drop = rate > 0 ? [dropout(rate)] : [];
  const out = dense(classes, { kernelInit });

  switch (model) {
    case "cnn":
      return sequential(...pooled(filters), ...pooled(64), flatten(), ...drop, out);
    case "mlp":
      return sequential(
        flatten(),
        ...normed((useBias) => dense(128, { kernelInit, useBias })),
        relu(),
        ...drop,
        out,
      );
    case "resnet": {
      const block = (filters: number, strides: number): Model[] => [
        residual(
          sequential(
            ...conv(filters, 3, { strides, padding: "same" }),
            relu(),
            ...conv(filters, 3, { padding: "same" }),
          ),
          strides > 1 ? { shortcut: sequential(...conv(filters, 1, { strides })) } : {},
        ),
        relu(),
      ];
      return sequential(
        ...conv(16, 3, { padding: "same" }),
        relu(),
        ...block(16, 1),
        ...block(32, 2),
        ...block(64, 2),
        globalAvgPool2d(),
        ...drop,
        out,
      );
    }
    case "inception": {
      const block = (narrow: number, wide: number): Model[] => [
        inception(
          sequential(...conv(narrow, 1)),
          sequential(...conv(narrow, 1), relu(), ...conv(wide, 3, { padding: "same" })),
          sequential(...conv(narrow / 2, 1), relu(), ...conv(narrow, 5, { padding: "same" })),
          sequential(maxPool2d(3, { strides: 1, padding: "same" }), ...conv(narrow, 1)),
        ),
        relu(),
      ];
      return sequential(
        ...conv(16, 3, { padding: "same" }),
        relu(),
        maxPool2d(2),
        ...block(16, 24),
        maxPool2d(2),
        ...block(24, 48),
        globalAvgPool2d(),
        ...drop,
        out,
      );
    }
  }
}

/**
 * The network of a configuration; ends the command where images are too small for it. `source`:
 * where they came from; `saved`: whether the network is not to be chosen any more.
 */
export function modelFor(
  config: Shaped,
  image: readonly number[],
  source: string,
  saved = false,
): Model {
  const takes = (model: Config["model"], shape: readonly number[]): boolean => {
    try {
      modelOf({ ...config, model }).plan(shape);
      return true;
    } catch {
      return false;
    }
  };
  const { model } = config;
  if (!takes(model, image) && takes(model, [28, 28, 1])) {
    const size = `${image[0]}×${image[1]}`;
    const others = models.filter((other) => takes(other, image));
    if (saved)
      fail(
        `the images in ${source} are too small for the network (${model}): ${size}; give ` +
          "larger ones with --data",
      );
    fail(
      `--model ${model} expects larger images than those in ${source}, which are ${size}; use ` +
        `--model ${others.join(" or ")}`,
      2,
    );
  }
  return modelOf(config);
}
