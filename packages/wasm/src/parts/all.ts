// In this order modules of a family are next to each other in a bundle, which compresses best.
import { convolutions } from "./convolutions.js";
import { winograd } from "./winograd.js";
import { pooledConvolutions } from "./pooledConvolutions.js";
import { depthwise } from "./depthwise.js";
import { denseParts } from "./dense.js";
import type { WasmPart } from "./part.js";

/** The parts of `wasm`. */
export const allParts = (): WasmPart[] => [
  ...denseParts(),
  convolutions,
  depthwise,
  winograd,
  pooledConvolutions,
];
