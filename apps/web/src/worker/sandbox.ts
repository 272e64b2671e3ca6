import type { Layer, Transform } from "@tenon/contracts";
import { experiment, linesOf, type Experiment } from "@tenon/experiments";
import { glorotUniform, heNormal } from "@tenon/init";
import * as layers from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import * as optimizers from "@tenon/optimizers";
import type { Tensor } from "@tenon/tensor";
import { curveOf, finalOf } from "@tenon/trainer";
import type { SandboxArm, Subject } from "../protocol.js";

type Model = Layer<Tensor>;

const { batchNorm, conv2d, dense, dropout, flatten, layerNorm, maxPool2d, weightNorm } = layers;

const rules: Readonly<Record<string, (options: { learningRate: number }) => Transform>> = {
  sgd: optimizers.sgd,
  momentum: optimizers.momentum,
  normalizedGradient: optimizers.normalizedGradient,
  adagrad: optimizers.adagrad,
  rmsprop: optimizers.rmsprop,
  adam: optimizers.adam,
  adamw: optimizers.adamw,
};

const activations: Readonly<Record<string, () => Model>> = {
  relu: layers.relu,
  tanh: layers.tanh,
  sigmoid: layers.sigmoid,
};

/** A layer with its normalization. */
function normed(layer: Model, normalization: string): Model[] {
  if (normalization === "batch") return [layer, batchNorm({ momentum: 0.9 })];
  if (normalization === "layer") return [layer, layerNorm()];
  return [normalization === "weight" ? weightNorm(layer) : layer];
}

/** The network of an arm: a softmax regression, one or four hidden layers, or a convolution. */
export function modelOf(arm: Omit<SandboxArm, "optimizer" | "rate" | "batchSize">): Model {
  const activation = activations[arm.activation]!;
  const kernelInit = arm.activation === "relu" ? heNormal() : glorotUniform();
  const hidden = (units: number): Model[] => [
    ...normed(dense(units, { kernelInit }), arm.normalization),
    activation(),
  ];
  const drop = arm.dropout > 0 ? [dropout(arm.dropout)] : [];
  const bodies: Readonly<Record<string, () => Model[]>> = {
    linear: () => [flatten()],
    mlp: () => [flatten(), ...hidden(64)],
    deep: () => [flatten(), ...Array.from({ length: 4 }, () => hidden(64)).flat()],
    cnn: () => [
      ...normed(conv2d(8, 5, { strides: 2, kernelInit }), arm.normalization),
      ...[activation(), maxPool2d(2), flatten()],
    ],
  };
  return layers.sequential(...bodies[arm.model]!(), ...drop, dense(10));
}

/** The arms of the sandbox as an experiment that claims nothing. */
export function sandbox({ arms }: Subject): Experiment {
  return experiment<SandboxArm>({
    id: "sandbox",
    formula: "",
    sizes: {
      quick: { train: 6000, validation: 2000, epochs: 3, batchSize: 64, seeds: 1 },
      full: { train: 60_000, validation: 10_000, epochs: 3, batchSize: 64, seeds: 1 },
    },
    controls: [],
    arms: () => arms!,
    setup: (arm, { digits, size, engine }) => ({
      model: modelOf(arm),
      train: digits.train(size.train),
      validation: digits.validation(size.validation),
      loss: crossEntropy,
      metrics: [accuracy],
      optimizer: rules[arm.optimizer]!({ learningRate: arm.rate }),
      epochs: size.epochs,
      batchSize: arm.batchSize,
      observe: { every: 20 },
      ...(engine && { engine }),
    }),
    measures: {
      accuracy: finalOf("validation.accuracy", "higher"),
      loss: finalOf("validation.loss", "lower"),
    },
    records: { losses: curveOf("loss"), accuracies: curveOf("validation.accuracy") },
    claims: [],
    pictures: [
      linesOf({
        ...{ id: "loss", record: "losses", curve: "loss", x: "examples" },
        y: { label: "loss", scale: "log" },
      }),
      linesOf({
        ...{ id: "accuracy", record: "accuracies", curve: "validation.accuracy", x: "examples" },
        y: { label: "accuracy", scale: "linear", percent: true },
      }),
    ],
    code: codeOf,
  });
}

function codeOf(arm: SandboxArm): string {
  const normalizations: Readonly<Record<string, string>> = {
    batch: ", batchNorm({ momentum: 0.9 })",
    layer: ", layerNorm()",
  };
  const norm = normalizations[arm.normalization] ?? "";
  const layer = (text: string): string =>
    arm.normalization === "weight" ? `weightNorm(${text})${norm}` : `${text}${norm}`;
  const init = arm.activation === "relu" ? "{ kernelInit: heNormal() }" : "";
  const hidden = `${layer(`dense(64${init && `, ${init}`})`)}, ${arm.activation}()`;
  const strides = init ? "{ strides: 2, kernelInit: heNormal() }" : "{ strides: 2 }";
  const bodies: Readonly<Record<string, readonly string[]>> = {
    linear: ["flatten()"],
    mlp: ["flatten()", hidden],
    deep: ["flatten()", hidden, hidden, hidden, hidden],
    cnn: [`${layer(`conv2d(8, 5, ${strides})`)}, ${arm.activation}()`, "maxPool2d(2), flatten()"],
  };
  const all = [
    ...bodies[arm.model]!,
    ...(arm.dropout > 0 ? [`dropout(${arm.dropout})`] : []),
    "dense(10)",
  ];
  const text = all.join(" ");
  const used = ["batchNorm", "conv2d", "dense", "dropout", "flatten", "layerNorm", "maxPool2d"];
  const names = [...used, "relu", "sigmoid", "tanh", "weightNorm"].filter((name) =>
    text.includes(`${name}(`),
  );
  return `${init && text.includes("heNormal") ? 'import { heNormal } from "@tenon/init";\n' : ""}import { ${[...names, "sequential"].sort().join(", ")} } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { ${arm.optimizer} } from "@tenon/optimizers";
import { fit } from "@tenon/trainer";

const model = sequential(
${all.map((line) => `  ${line},`).join("\n")}
);
const optimizer = ${arm.optimizer}({ learningRate: ${arm.rate} });
const options = { train, loss: crossEntropy, optimizer, epochs: 3, batchSize: ${arm.batchSize} };
for await (const event of fit(model, options))
  if (event.type === "epoch") console.log(event.train.loss);`;
}

/** The network that reads drawn digits where the page has trained none yet. */
export const reader: SandboxArm = {
  ...{ model: "cnn", optimizer: "adam", rate: 0.003, batchSize: 32 },
  ...{ dropout: 0, normalization: "none", activation: "relu" },
};
