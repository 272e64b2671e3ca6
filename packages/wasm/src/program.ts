import type { ArraySpec, Feed, Leaves, NDArray, StepFunction, Tree } from "@tenon/contracts";
import { planStep, type Plan } from "@tenon/plan";
import type { Tensor } from "@tenon/tensor";
import { instantiate, type Instance, type Machine } from "./instantiate.js";
import { badIndexIn } from "./kernels/index/badIndex.js";
import type { Kernel } from "./kernels/kernel.js";
import type { WasmProgram } from "./options.js";
import type { InOrder } from "./repeating.js";

/** Plans a step, compiles its kernels, and ties both to the program that its caller gets. */
export function compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
  step: StepFunction<Tensor, S, I, O>,
  start: S,
  inputs: I,
  machine: Machine,
): WasmProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
  const { plan, bind } = planStep(step, start, inputs, machine.backend);
  const instance = instantiate(plan, machine);
  const { region, run, input } = instance;
  const { buffer } = region.memory;
  const host = bind({
    array(of, dtype, length) {
      const offset = region.at + plan.offsets.get(of)!;
      const ArrayType = dtype === "int32" ? Int32Array : Float32Array;
      return new ArrayType(buffer, offset, length);
    },
    ...(input && { input }),
  });
  return {
    plan,
    step(feeds) {
      host.feed(feeds);
      host.begin();
      attempt(instance, plan, run);
      return host.finish();
    },
    profile(feeds) {
      host.feed(feeds);
      return timesOf(plan.steps, machine.repeating.inOrder, (i, time) =>
        attempt(instance, plan, () => instance.calls[i]!(time)),
      );
    },
    state: host.state,
    view: host.view,
    load: host.load,
  };
}

/** How long each step takes, in milliseconds: all repetitions together. */
function timesOf(
  steps: Plan<Kernel>["steps"],
  inOrder: InOrder,
  call: (step: number, time: number) => void,
): number[] {
  const result = steps.map(() => 0);
  inOrder<number>(
    steps,
    (i, time = 0) => {
      const start = performance.now();
      call(i, time);
      result[i]! += performance.now() - start;
    },
    (times, body) => {
      for (let time = 0; time < times; time++) body(time);
    },
  );
  return result;
}

/** Runs kernels. They fail only where an index is out of bounds, before any state is replaced. */
function attempt({ region }: Instance, { steps }: Plan<Kernel>, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const uses = steps.map(({ kernel }) => kernel.use);
    const bad = badIndexIn(region.memory.buffer, uses);
    throw bad ? Object.assign(bad, { cause }) : cause;
  }
}
