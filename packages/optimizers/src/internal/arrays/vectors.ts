import { moduleBuilder } from "@tenon/emit";
import { isFloat32, type Floats } from "./floats.js";
import type { Loop } from "./loop.js";
import type { Plan } from "./plan.js";
import { emitVectors } from "./vectorCode.js";
import { layoutOf, type Layout } from "./vectorMemory.js";
import { loopRunners } from "./vectorRunners.js";

/** Runs loops of a plan as WebAssembly. */
export interface Vectors {
  /** The plan's arrays; those that are owned are in WebAssembly's memory now. */
  readonly arrays: readonly Floats[];
  /**
   * Runs a loop of the plan and returns true; or does nothing and returns false, if it was not
   * compiled, or if an array or a scalar does not fit float32.
   */
  run(loop: Loop, scalars: Float64Array, arrays: readonly Floats[]): boolean;
}

/** Shorter arrays take less time than a call and its copies. */
const minLength = 48;

/**
 * Compiles the loops of a plan that are long enough, over arrays of float32 alone, without
 * repetition along axes. What it computes is rounded to float32 after each operation, but sums are
 * float64.
 *
 * @param firstOwned arrays from this index on are moved to WebAssembly's memory; the caller's own,
 *   before it, are copied in and out
 * @returns undefined if there is nothing to compile, or where WebAssembly or its vectors are not
 *   available
 */
export function vectors(
  { stages }: Plan,
  arrays: readonly Floats[],
  firstOwned: number,
): Vectors | undefined {
  const loops = stages.flatMap((stage) => stage.loops).filter((loop) => fits(loop, arrays));
  if (loops.length === 0) return undefined;
  const layout = layoutOf(loops, arrays, firstOwned);
  const module = compile(loops, layout);
  if (!module) return undefined;
  const { buffer } = module.memory;
  const owned = arrays.map((array, i) => {
    const address = layout.resident.get(i);
    if (address === undefined) return array;
    const view = new Float32Array(buffer, address, array.length);
    view.set(array);
    return view;
  });
  const runners = loopRunners(buffer, layout);
  const runnerOf = new Map(loops.map((loop, i) => [loop, runners(loop, module.functions[i]!)]));
  return {
    arrays: owned,
    run: (loop, scalars, current) => runnerOf.get(loop)?.(scalars, current) ?? false,
  };
}

/** Whether a loop can be compiled and is worth it. Buffers, which are no arrays, are float64. */
function fits({ key, size, arrays }: Loop, all: readonly Floats[]): boolean {
  if (key === undefined || size < minLength) return false;
  return arrays.every((array) => all[array] !== undefined && isFloat32(all[array]));
}

/**
 * The functions of loops and their common memory; undefined where WebAssembly is not available, for
 * any reason: the interpreter runs the loops, too.
 */
function compile(
  loops: readonly Loop[],
  { frame, pages }: Layout,
):
  | { readonly memory: WebAssembly.Memory; readonly functions: readonly ((n: number) => void)[] }
  | undefined {
  const module = moduleBuilder();
  for (const loop of loops) emitVectors(module, loop, frame);
  try {
    const code = new WebAssembly.Module(module.toBytes());
    const memory = new WebAssembly.Memory({ initial: pages });
    const { exports } = new WebAssembly.Instance(code, { env: { memory } });
    return {
      memory,
      functions: loops.map(({ key }) => exports[`loop ${key}`] as (n: number) => void),
    };
  } catch {
    return undefined;
  }
}
