import { repeatedScans, scanGroup } from "@tenon/plan";
import type { Adds } from "../lower/backendOf.js";
import { repeating } from "../repeating.js";
import type { WasmPart } from "./part.js";

/** `scan`, and so recurrent layers. 1.3 KB gzipped. */
export const scans: WasmPart = {
  adds: { scans: repeatedScans, siblings: [scanGroup], repeating } satisfies Adds,
};
