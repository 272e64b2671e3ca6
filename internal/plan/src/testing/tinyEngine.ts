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
import { callable } from "@tenon/guards";
import { leaves, topological, type Tensor } from "@tenon/tensor";
import type { Backend } from "../backend.js";
import type { Plan } from "../plan.js";
import { planStep } from "../plannedStep.js";
import { opTable } from "./opTable.js";
import { tinyBackend } from "./tinyBackend.js";
import type { Operand, TinyKernel } from "./tinyKernels.js";

/** A program with its plan. */
export interface TinyProgram<S, I, O> extends Program<S, I, O> {
  readonly plan: Plan<TinyKernel>;
}

/** The engine with its own type of programs. */
export interface TinyEngine extends Engine<Tensor> {
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
    step: StepFunction<Tensor, S, I, O>,
    start: S,
    inputs: I,
  ): TinyProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}

/**
 * A second engine on the planner, for tests: its kernels are closures over typed arrays in planned
 * memory, and compute by the `evaluate` of each operation. It differs from wasm wherever a
 * `Backend` may: loops of few operands, coarse alignment, no padding, fusions that save memory but
 * no time.
 *
 * @param changes what is to differ from its description
 */
export function tinyEngine(changes: Partial<Backend<TinyKernel>> = {}): TinyEngine {
  return {
    name: "tiny",
    threads: 1,
    compile(step, start, inputs) {
      callable("compile", "step", step);
      const ops = opTable();
      const traced: typeof step = (...given) => {
        const result = step(...given);
        const tensors = leaves<Tensor>({ ...result } as Tree<Tensor>).map(([, x]) => x);
        ops.add(topological(tensors));
        return result;
      };
      const { plan, bind } = planStep(traced, start, inputs, { ...tinyBackend(ops), ...changes });
      // What no kernel has written yet reads as NaN.
      const memory = new Uint8Array(plan.bytes).fill(0xff).buffer;
      const operand = (offset: number, bytes: number): Operand => ({
        float32: new Float32Array(memory, offset, bytes / 4),
        int32: new Int32Array(memory, offset, bytes / 4),
      });
      const scratch = operand(plan.scratch, plan.scratchBytes);
      const calls = plan.steps.map(({ kernel, operands }) => {
        const arrays = operands.map((buffer) => operand(plan.offsets.get(buffer)!, buffer.bytes));
        return () => kernel.run(arrays, scratch);
      });
      const host = bind({
        array(buffer, dtype, length) {
          const offset = plan.offsets.get(buffer)!;
          return dtype === "int32"
            ? new Int32Array(memory, offset, length)
            : new Float32Array(memory, offset, length);
        },
      });
      return {
        plan,
        step(feeds) {
          host.feed(feeds);
          host.begin();
          for (const call of calls) call();
          return host.finish();
        },
        state: host.state,
        load: host.load,
      };
    },
  };
}
