import { known, whole } from "@tenon/guards";
import { compile } from "./program.js";
import type { Backend } from "@tenon/plan";
import type { Kernel } from "./kernels/kernel.js";
import { library } from "./library.js";
import { machineryOf } from "./machinery.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import { checkPlatform } from "./platform.js";
import { targetFeatures } from "./targetFeatures.js";
import { availableThreads, workersStart } from "./threads/startWorker.js";

/** An engine with the kernels of a backend. */
export async function newEngine(
  backend: Backend<Kernel>,
  options: WasmOptions,
): Promise<WasmEngine> {
  const {
    threads = Math.min(8, availableThreads()),
    turbo = false,
    relaxed = false,
  } = known(backend.name, options, "threads turbo relaxed");
  whole(backend.name, "number of threads", threads, 1);
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
      compile(step, start, inputs, {
        ...machinery,
        ...{ backend, threads: all, features, library: shared },
      }),
  };
}
