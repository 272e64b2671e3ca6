import type { SandboxArm } from "../protocol.js";

/** The lines that train an arm of the sandbox. */
export function sandboxCode(arm: SandboxArm): string {
  const layers = [...bodyOf(arm), ...(arm.dropout > 0 ? [`dropout(${arm.dropout})`] : [])];
  const rule =
    arm.optimizer === "normalizedGradient"
      ? `chain(normalizedGradient(), scaleByLearningRate(${arm.rate}))`
      : `${arm.optimizer}({ learningRate: ${arm.rate} })`;
  const lines = [
    "const model = sequential(",
    ...[...layers, "dense(10)"].map((line) => `  ${line},`),
    ");",
    `const optimizer = ${rule};`,
    `const options = { train, loss: crossEntropy, optimizer, epochs: 3, batchSize: ${arm.batchSize} };`,
    "for await (const event of fit(model, options))",
    '  if (event.type === "epoch") console.log(event.train.loss);',
  ];
  const text = lines.join("\n");
  return `${importsOf(text).join("\n")}\n\n${text}`;
}

/** The layers before the last one, one text for each line. */
function bodyOf({ model, activation, normalization }: SandboxArm): string[] {
  const init = activation === "relu" ? ["kernelInit: heNormal()"] : [];
  const after: Readonly<Record<string, string>> = {
    batch: " batchNorm({ momentum: 0.9 }),",
    layer: " layerNorm(),",
  };
  const normed = (layer: string): string =>
    normalization === "weight" ? `weightNorm(${layer}),` : `${layer},${after[normalization] ?? ""}`;
  const options = (all: readonly string[]): string =>
    all.length > 0 ? `, { ${all.join(", ")} }` : "";
  const hidden = `${normed(`dense(64${options(init)})`)} ${activation}()`;
  switch (model) {
    case "linear":
      return ["flatten()"];
    case "mlp":
      return ["flatten()", hidden];
    case "deep":
      return ["flatten()", hidden, hidden, hidden, hidden];
    default:
      return [
        `${normed(`conv2d(8, 5${options(["strides: 2", ...init])})`)} ${activation}()`,
        "maxPool2d(2), flatten()",
      ];
  }
}

const exported: Readonly<Record<string, readonly string[]>> = {
  init: ["heNormal"],
  layers: [
    ...["batchNorm", "conv2d", "dense", "dropout", "flatten", "layerNorm", "maxPool2d", "relu"],
    ...["sequential", "sigmoid", "tanh", "weightNorm"],
  ],
  losses: ["crossEntropy"],
  optimizers: [
    ...["adagrad", "adam", "adamw", "chain", "momentum", "normalizedGradient", "rmsprop"],
    ...["scaleByLearningRate", "sgd"],
  ],
  trainer: ["fit"],
};

function importsOf(text: string): string[] {
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b[(,]`).test(text);
  return Object.entries(exported).flatMap(([from, names]) => {
    const used = names.filter(isUsed);
    return used.length > 0 ? [`import { ${used.join(", ")} } from "@tenon/${from}";`] : [];
  });
}
