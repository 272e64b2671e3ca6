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
  average,
  batchNorm,
  conv2d,
  cropping2d,
  dense,
  dropout,
  flatten,
  globalAvgPool1d,
  globalAvgPool2d,
  inception,
  layerNorm,
  learnedPositions,
  logSoftmax,
  lstm,
  maxPool2d,
  relu,
  reshape,
  residual,
  sequential,
  transformerBlock,
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

/** What the paths of each member's parameters begin with; a network that is alone has no name. */
export const memberNames = (members: number): string[] =>
  Array.from({ length: members }, (_, i) => `branch${i + 1}`);

type Shaped = Pick<Config, "model" | "filters" | "dropout" | "init" | "normalization" | "classes"> &
  Partial<Pick<Config, "members">>;

/**
 * Builds the network of a configuration; it takes images [28, 28, 1] (or others) and gives a logit
 * for each class. Several members give the means of their logarithms of probabilities.
 */
export function modelOf(
  { model, filters, members = 1, dropout: rate, init, normalization, classes }: Shaped,
  image: readonly number[] = [28, 28, 1],
): Model {
  const kernelInit = inits[init]();
  // A layer with its normalization and its activation; a normalized layer needs no bias of its own.
  const normed = (layer: (useBias: boolean) => Model): Model[] => {
    if (normalization === "batch") return [layer(false), batchNorm({ momentum: 0.9 })];
    if (normalization === "layer") return [layer(false), layerNorm()];
    return [normalization === "weight" ? weightNorm(layer(true)) : layer(true)];
  };
  const conv = (filters: number, size: number, options: Conv = {}): Model[] =>
    normed((useBias) => conv2d(filters, size, { ...options, kernelInit, useBias }));
  // A batch norm behind the pool normalizes a quarter of the values, and trains better.
  const pooled = (filters: number, size = 3): Model[] => {
    const [layer, ...norm] = conv(filters, size) as [Model, ...Model[]];
    return normalization === "batch"
      ? [layer, maxPool2d(2), ...norm, relu()]
      : [layer, ...norm, relu(), maxPool2d(2)];
  };
  const drop = rate > 0 ? [dropout(rate)] : [];
  const parts: Parts = { conv, pooled, normed, kernelInit, filters, image };
  const network = [...bodies[model](parts), ...drop, dense(classes, { kernelInit })];
  if (members === 1) return sequential(...network);
  return average(...memberNames(members).map(() => [...network, logSoftmax()]));
}

/** What networks are built of: layers with the normalization and the init of a configuration. */
interface Parts {
  /** A convolution, normalized; without activation. */
  readonly conv: (filters: number, size: number, options?: Conv) => Model[];
  /** A convolution, 3×3 where nothing else is said, normalized, with relu, and a max pool. */
  readonly pooled: (filters: number, size?: number) => Model[];
  readonly normed: (layer: (useBias: boolean) => Model) => Model[];
  readonly kernelInit: Init;
  readonly filters: number;
  readonly image: readonly number[];
}
interface Conv {
  readonly strides?: number;
  readonly padding?: "same";
}

/** Each network up to its last layer, a vector of features. */
const bodies: Readonly<Record<Config["model"], (parts: Parts) => readonly Model[]>> = {
  cnn: ({ pooled, filters }) => [...pooled(filters), ...pooled(64), flatten()],
  // The margins of the images are empty but for a few; without them, windows of both pools fit.
  "small-cnn": ({ pooled }) => [cropping2d(2), ...pooled(8, 5), ...pooled(32), flatten()],
  // Twice the filters in each, three in all; the last one is not pooled.
  "deep-cnn": ({ conv, pooled, filters }) => [
    ...pooled(filters, 5),
    ...pooled(2 * filters),
    ...conv(4 * filters, 3),
    relu(),
    flatten(),
  ],
  mlp: ({ normed, kernelInit }) => [
    flatten(),
    ...normed((useBias) => dense(128, { kernelInit, useBias })),
    relu(),
  ],
  resnet: ({ conv, pooled }) => {
    // Twice the filters at half the height and width.
    const block = (filters: number): Model[] => [
      residual(
        [
          ...conv(filters, 3, { strides: 2, padding: "same" }),
          relu(),
          ...conv(filters, 3, { padding: "same" }),
        ],
        { shortcut: conv(filters, 1, { strides: 2 }) },
      ),
      relu(),
    ];
    return [...pooled(16), ...block(32), ...block(64), globalAvgPool2d()];
  },
  inception: ({ conv, pooled }) => {
    const same = { padding: "same" } as const;
    const block = (narrow: number, wide: number): Model[] => [
      inception(
        conv(narrow, 1),
        [...conv(narrow, 1), relu(), ...conv(wide, 3, same)],
        [...conv(narrow / 2, 1), relu(), ...conv(narrow, 5, same)],
        [maxPool2d(3, { strides: 1, ...same }), ...conv(narrow, 1)],
      ),
      relu(),
    ];
    return [...pooled(16), ...block(16, 24), maxPool2d(2), ...block(24, 48), globalAvgPool2d()];
  },
  // One row of the image after the other.
  lstm: ({ kernelInit, image }) => [reshape(image.slice(0, 2)), lstm(128, { kernelInit })],
  vit: ({ conv, kernelInit }) => {
    const size = 64;
    // Convolutions make the vectors of patches: with one of 7×7 pixels it learns far more slowly
    // (Xiao et al. 2021, Early convolutions help transformers see better, arXiv:2106.14881).
    const half = (filters: number): Model[] => conv(filters, 3, { strides: 2, padding: "same" });
    return [
      ...half(16),
      relu(),
      ...half(32),
      relu(),
      ...half(size),
      reshape([-1, size]),
      learnedPositions(),
      ...Array.from({ length: 3 }, () => transformerBlock(size, 4, { hidden: 128, kernelInit })),
      layerNorm(),
      globalAvgPool1d(),
    ];
  },
};

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
      modelOf({ ...config, model }, shape).plan(shape);
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
  return modelOf(config, image);
}
