import { badArgument, shown } from "@tenon/guards";
import { newEngine } from "./newEngine.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import type { WasmPart } from "./parts/part.js";

/**
 * The same engine of the parts that a network needs, for the smallest bundle:
 * `wasmOf([threading])`. Without any part it computes on one thread products of matrices, most
 * elementwise operations, reductions and what is read along an axis: all that multilayer
 * perceptrons of `relu` without dropout need. It gives the same bits as `wasm`, but for
 * convolutions without `depthwise`, `pooledConvolutions` and `winograd`, whose sums are rounded in
 * another order.
 *
 * @param parts for more operations: `convolutions`, `lookups`, `mathFunctions`, `placements`,
 *   `randomness`, `scans`, `summaries`; for speed: `byteInputs`, `depthwise`,
 *   `extraInstructions`, `inPlaceUpdates`, `pooledConvolutions`, `sparseProducts`, `threading`,
 *   `transposes`, `winograd`
 * @throws as `wasm` does; if `threads` is above 1 without the part `threading`, or `turbo` or
 *   `relaxed` is true without `extraInstructions`; and where a step has an operation of a part that
 *   is missing
 */
export async function wasmOf(
  parts: readonly WasmPart[],
  options: WasmOptions = {},
): Promise<WasmEngine> {
  if (!Array.isArray(parts) || !parts.every((part: WasmPart | undefined) => part?.adds))
    throw badArgument("wasmOf", "a list of parts, such as [threading]", shown(parts));
  return newEngine(
    "wasmOf",
    parts,
    options,
    "add the part that has it (convolutions, lookups, mathFunctions, placements, randomness, scans or summaries), or use wasm()",
  );
}
