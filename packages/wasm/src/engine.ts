import { known, whole } from "@tenon/guards";
import { compile } from "./program.js";
import { library } from "./library.js";
import { machineryOf } from "./machinery.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import { checkPlatform } from "./platform.js";
import { targetFeatures } from "./targetFeatures.js";
import { availableThreads, workersStart } from "./threads/startWorker.js";

export type { WasmEngine, WasmOptions, WasmProgram } from "./options.js";

/**
 * The fast engine for CPUs: the whole step becomes one WebAssembly module of SIMD kernels, planned
 * once. The same seed gives the same bits on every machine.
 *
 * @throws if `threads` is no integer ≥ 1
 * @throws where WebAssembly or its SIMD instructions are missing, or may not be compiled (a strict
 *   content security policy)
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmEngine> {
  const {
    threads = Math.min(8, availableThreads()),
    turbo = false,
    relaxed = false,
  } = known("wasm", options, "threads turbo relaxed");
  whole("wasm", "number of threads", threads, 1);
  checkPlatform();
  const several = threads > 1 && availableThreads() > 1 && (await workersStart());
  const all = several ? threads : 1;
  const features = targetFeatures({ turbo, relaxed });
  const machinery = machineryOf(all);
  const shared = library();
  return {
    name: "wasm",
    turbo: features.vectors256,
    relaxed: features.relaxed,
    get threads() {
      return machinery.alive();
    },
    compile: (step, start, inputs) =>
      compile(step, start, inputs, { ...machinery, threads: all, features, library: shared }),
  };
}
