import type { ArraySpec, Feed, Leaves, NDArray, StepFunction, Tree } from "@tenon/contracts";
import { planStep, type Plan } from "@tenon/plan";
import type { Tensor } from "@tenon/tensor";
import { instantiate, type Instance, type Machine } from "./instantiate.js";
import { badIndexIn } from "./kernels/index/badIndex.js";
import type { Kernel } from "./kernels/kernel.js";
import type { WasmProgram } from "./options.js";
import { groupsOf } from "./threads/groups.js";

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
    input,
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
      return timesOf(plan.steps, (i, time) =>
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
  call: (step: number, time: number) => void,
): number[] {
  const times = steps.map(() => 0);
  let i = 0;
  for (const { members, repetition } of groupsOf(steps)) {
    for (let time = 0; time < (repetition?.times ?? 1); time++)
      members.forEach((_, k) => {
        const start = performance.now();
        call(i + k, time);
        times[i + k]! += performance.now() - start;
      });
    i += members.length;
  }
  return times;
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
