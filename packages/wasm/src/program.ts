import type { ArraySpec, Feed, Leaves, NDArray, StepFunction, Tree } from "@tenon/contracts";
import { planStep } from "@tenon/plan";
import { indexError, type Tensor } from "@tenon/tensor";
import { inputPlace } from "./feed.js";
import { instantiate, type Instance, type Machine } from "./instantiate.js";
import { badIndexIn } from "./kernels/index/badIndex.js";
import type { WasmProgram } from "./options.js";

/** Plans a step, compiles its kernels, and ties both to the program that its caller gets. */
export function compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
  step: StepFunction<Tensor, S, I, O>,
  start: S,
  inputs: I,
  machine: Machine,
): WasmProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
  const { plan, bind } = planStep(step, start, inputs, machine.backend);
  const instance = instantiate(plan, machine);
  const { region, run, decoder } = instance;
  const { buffer } = region.memory;
  const host = bind({
    array(of, dtype, length) {
      const offset = region.at + plan.offsets.get(of)!;
      const ArrayType = dtype === "int32" ? Int32Array : Float32Array;
      return new ArrayType(buffer, offset, length);
    },
    use: () => region.use(),
    input: (place, array) => inputPlace(place, array, decoder),
  });
  return {
    plan,
    step(feeds) {
      host.feed(feeds);
      host.begin();
      attempt(instance, run);
      return host.finish();
    },
    profile(feeds) {
      host.feed(feeds);
      return instance.calls.map((call) => {
        const start = performance.now();
        attempt(instance, call);
        return performance.now() - start;
      });
    },
    state: host.state,
    view: host.view,
    load: host.load,
  };
}

/** Runs kernels. They fail only where an index is out of bounds, before any state is replaced. */
function attempt({ region }: Instance, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const bad = badIndexIn(region.memory.buffer);
    throw bad ? Object.assign(indexError(bad.name, bad.index, bad.n), { cause }) : cause;
  }
}
