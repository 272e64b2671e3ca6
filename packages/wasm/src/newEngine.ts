import { portable, type VectorFunctions } from "@tenon/emit";
import { badArgument, known, whole } from "@tenon/guards";
import { arenas } from "./arena.js";
import { compile } from "./program.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import type { WasmPart } from "./parts/part.js";
import { once } from "./repeating.js";
import { checkPlatform } from "./platform.js";
import { backendOf, type Adds } from "./lower/backendOf.js";

/**
 * An engine of these parts.
 *
 * @param name of the function that was called
 * @param elsewhere what to do with a step that needs another part
 */
export async function newEngine(
  name: string,
  parts: readonly WasmPart[],
  options: WasmOptions,
  elsewhere?: string,
): Promise<WasmEngine> {
  const adds = parts.map((part) => part.adds as Adds);
  const threading = adds.find((part) => part.threading)?.threading;
  const decoding = adds.find((part) => part.decoding)?.decoding;
  const featuresOf = adds.find((part) => part.targetFeatures)?.targetFeatures;
  const available = threading?.availableThreads() ?? 1;
  const {
    threads = Math.min(8, available),
    turbo = false,
    relaxed = false,
  } = known(name, options, "threads turbo relaxed");
  whole(name, "number of threads", threads, 1);
  if (threads > 1 && !threading)
    throw badArgument(name, "1 thread without the part threading", threads, "add it to the parts");
  const extra = turbo ? "turbo" : relaxed && "relaxed";
  if (extra && !featuresOf)
    throw badArgument(
      name,
      "portable instructions without the part extraInstructions",
      extra,
      "add it to the parts",
    );
  checkPlatform();
  const several = threads > 1 && available > 1 && (await threading?.workersStart());
  const all = several ? threads : 1;
  const backend = { ...backendOf(name, adds, elsewhere), ...(several && threading!.order) };
  const features = featuresOf?.({ turbo, relaxed }) ?? portable;
  const functions = Object.assign({}, ...adds.map((part) => part.functions)) as VectorFunctions;
  const machinery = threading?.machineryOf(all) ?? { arenas: arenas(false), alive: () => 1 };
  const library = adds.find((part) => part.library)?.library?.();
  const repeating = adds.find((part) => part.repeating)?.repeating ?? once;
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
        ...{ backend, threading, decoding, threads: all, features, functions, library, repeating },
      }),
  };
}
