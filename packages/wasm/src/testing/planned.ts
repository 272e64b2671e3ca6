import type { NDArray } from "@tenon/contracts";
import { planStep, type Plan } from "@tenon/plan";
import { placeholders, sizeOf, type Tensor } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import { backendOf, type Adds } from "../lower/backendOf.js";
import { allParts } from "../parts/all.js";

type Tensors = Record<string, Tensor>;

/** Plans a step of named float32 arrays; results with the name of an input replace it. */
export function planned(
  shapes: Record<string, readonly number[]>,
  step: (x: Tensors) => Tensors,
): Plan<Kernel> {
  const arrays = Object.entries(shapes).map(([name, shape]): [string, NDArray] => [
    name,
    { shape, dtype: "float32", data: new Float32Array(sizeOf(shape)) },
  ]);
  // Which names are state is known only after the step was called once.
  const results = Object.keys(step(placeholders(Object.fromEntries(arrays)) as Tensors));
  const select = <V>(entries: readonly [string, V][], isState: boolean): Record<string, V> =>
    Object.fromEntries(
      entries.filter(([name]) => (name in shapes && results.includes(name)) === isState),
    );
  return planStep(
    (state: Tensors, inputs: Tensors) => {
      const entries = Object.entries(step({ ...state, ...inputs }));
      return { state: select(entries, true), outputs: select(entries, false) };
    },
    select(arrays, true),
    select(arrays, false),
    backendOf(
      "wasm",
      allParts().map(({ adds }) => adds as Adds),
    ),
  ).plan;
}

/** The operations of each step. */
export const labels = ({ steps }: Plan<Kernel>): string[] => steps.map(({ label }) => label);

/**
 * The kernels of each step without their shapes, those of a chain in the order in which they run.
 */
export const kernelNames = ({ steps }: Pick<Plan<Kernel>, "steps">): string[] =>
  steps.map(({ kernel }) =>
    kernel.key
      .split(" → ")
      .flatMap((key) => /^(sparse )?[a-z]\w*/i.exec(key)?.[0] ?? [])
      .join(" → "),
  );
