import type { Adds } from "../lower/backendOf.js";
import { targetFeatures } from "../targetFeatures.js";
import type { WasmPart } from "./part.js";

/**
 * The options `turbo` and `relaxed`: instructions that not every platform has. 0.3 KB gzipped.
 */
export const extraInstructions: WasmPart = { adds: { targetFeatures } satisfies Adds };
