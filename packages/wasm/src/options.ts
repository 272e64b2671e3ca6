import type {
  ArraySpec,
  Engine,
  Feed,
  Leaves,
  NDArray,
  Program,
  StepFunction,
  Tree,
} from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { PlanView } from "./view.js";

/** A program with its plan. */
export interface WasmProgram<S, I, O> extends Program<S, I, O> {
  readonly plan: PlanView;
  /** Runs the step, and measures each step of the plan: its time in milliseconds. */
  profile(inputs: I): number[];
}

export interface WasmOptions {
  /**
   * How many threads work on a step. The results are the same with any number. @defaultValue all
   * that the machine has, at most 8; 1 where memory cannot be shared (a page that is not
   * cross-origin isolated)
   */
  readonly threads?: number;
  /**
   * Requests 256-bit code of V8, where it can compile it: in Node 24 and newer, on x64. Products
   * are up to twice as fast; the bits are the same. The cost: it sets V8's experimental flag
   * `--experimental-wasm-revectorize`, for all WebAssembly that the process compiles from then on.
   * @defaultValue false
   */
  readonly turbo?: boolean;
  /**
   * Multiplies and adds in one instruction (relaxed SIMD), where the engine has it. Products are
   * faster on processors that multiply and add in the same units. The cost: such a pair is rounded
   * once on one machine and twice on another, so that the bits are no longer the same everywhere.
   * @defaultValue false
   */
  readonly relaxed?: boolean;
}

/** The engine that compiles a whole step into one WebAssembly module. */
export interface WasmEngine extends Engine<Tensor> {
  /** Whether 256-bit code was requested and V8 compiles it. */
  readonly turbo: boolean;
  /** Whether products use relaxed SIMD. */
  readonly relaxed: boolean;
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
    step: StepFunction<Tensor, S, I, O>,
    start: S,
    inputs: I,
  ): WasmProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}
