import type {
  ArraySpec,
  AsyncEngine,
  Feed,
  Leaves,
  NDArray,
  StepFunction,
  Tree,
} from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { machineOf, timestamps, type WebgpuLimits, type WebgpuOptions } from "./device.js";
import type { GpuAdapterInfo } from "./gpu.js";
import { compile, type WebgpuProgram } from "./program.js";

/** The engine that runs a whole step on a GPU. */
export interface WebgpuEngine extends AsyncEngine<Tensor> {
  /** What it runs on; undefined where a device that does not say it was given. */
  readonly adapter: GpuAdapterInfo | undefined;
  /** The limits of its device that bound a program. */
  readonly limits: WebgpuLimits;
  /** The features of its device that it uses: `"timestamp-query"`, where kernels can be timed. */
  readonly features: readonly string[];
  /** Whether that is a software adapter (SwiftShader, llvmpipe): `wasm()` is faster then. */
  readonly isSoftware: boolean;
  /** Why its device was lost, once it was: a new engine is needed then. */
  lost(): Error | undefined;
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
    step: StepFunction<Tensor, S, I, O>,
    start: S,
    inputs: I,
  ): WebgpuProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}

/** Steps whose answers are on their way: as many as hide the time that reading one takes. */
const stepsInFlight = 16;

/**
 * The engine for GPUs: a whole step becomes a few dispatches of WGSL kernels in one compute pass,
 * on memory that is planned once. Random numbers, integers and orders are those of every engine;
 * float32 agrees within rounding, and from run to run on one adapter and driver to the bit.
 *
 * @throws where there is no GPU that WebGPU can use; in Node the npm package `webgpu` has to be
 *   installed
 */
export async function webgpu(options: WebgpuOptions = {}): Promise<WebgpuEngine> {
  const machine = await machineOf(options);
  return {
    name: "webgpu",
    threads: 1,
    stepsInFlight,
    adapter: machine.adapter,
    limits: machine.limits,
    features: machine.hasTimestamps ? [timestamps] : [],
    isSoftware: machine.isSoftware,
    lost: machine.lost,
    compile: (step, start, inputs) => compile(step, start, inputs, machine),
  };
}
