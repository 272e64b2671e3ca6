import { wasm } from "@tenon/wasm";
import { once } from "./once.js";

/** The engine with the kernels of convolutions and pools, which are files of their own. */
export const imageEngine = once(() => wasm());
