import { createRequire } from "node:module";
import { webgpu } from "@tenon/webgpu";
import { softwareGpu } from "../../testkit/src/softwareGpu.js";

const dawn = process.env.TENON_DAWN;
// Dawn rounds times unless it is asked not to.
const flags = ["disable-dawn-features=timestamp_quantization"];

/** Whether the GPU is SwiftShader. */
export const isSoftware = process.argv.includes("--software");

/** This machine's GPU; with --software, SwiftShader. */
export const gpuOf = () =>
  isSoftware ? softwareGpu(dawn) : createRequire(import.meta.url)(dawn).create(flags);

/** The engine on it. Where there is none, the process ends with one sentence and the code 3. */
export async function gpuEngine(gpu = gpuOf()) {
  const engine = await webgpu({ gpu }).catch((error) => {
    console.error(error.message);
    process.exit(3);
  });
  return { engine, gpu };
}
