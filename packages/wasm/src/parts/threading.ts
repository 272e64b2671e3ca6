import type { Adds } from "../lower/backendOf.js";
import { allThreads } from "../threads/threading.js";
import type { WasmPart } from "./part.js";

/** Several threads. 4 KB gzipped. */
export const threading: WasmPart = { adds: { threading: allThreads } satisfies Adds };
