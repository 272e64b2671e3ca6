// In this order modules of a family are next to each other in a bundle, which compresses best.
import { inPlaceUpdates } from "./inPlaceUpdates.js";
import { lookups } from "./lookups.js";
import { mathFunctions } from "./mathFunctions.js";
import { placements } from "./placements.js";
import { randomness } from "./randomness.js";
import { summaries } from "./summaries.js";
import { sparseProducts } from "./sparseProducts.js";
import { transposes } from "./transposes.js";
import { scans } from "./scans.js";
import { threading } from "./threading.js";
import { extraInstructions } from "./extraInstructions.js";
import { byteInputs } from "./byteInputs.js";
import type { WasmPart } from "./part.js";

/** The parts of `denseWasm`. */
export const denseParts = (): WasmPart[] => [
  lookups,
  mathFunctions,
  placements,
  randomness,
  summaries,
  sparseProducts,
  transposes,
  scans,
  threading,
  extraInstructions,
  byteInputs,
  inPlaceUpdates,
];
