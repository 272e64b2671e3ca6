import { convolutions } from "./convolutions.js";
import { denseParts } from "./dense.js";
import type { WasmPart } from "./part.js";

/** The parts of `wasm`. */
export const allParts = (): WasmPart[] => [...denseParts(), convolutions];
