import type { Arithmetic, ByPath, Transform } from "@tenon/contracts";

/** What is used of TensorFlow.js: `import * as tf from "@tensorflow/tfjs"`. */
export interface Tf<T> {
  tidy(run: () => void): void;
  scalar(value: number): T;
  fill(shape: number[], value: number): T;
  variable(initial: T, trainable: boolean): Variable<T>;
}
export type Variable<T> = T & { assign(value: T): void };

const mapped = <V, W>(values: ByPath<V>, make: (value: V, name: string) => W): ByPath<W> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value, name)]));

/**
 * An optimizer of TensorFlow.js' variables, which it assigns. Rules run on its tensors as they are,
 * wherever its backend computes.
 */
export function onVariables<T extends Arithmetic<T>>(
  tf: Tf<T>,
  transform: Transform,
  params: ByPath<Variable<T>>,
): (gradients: ByPath<T>, loss?: T) => void {
  const slots = mapped(transform.slots(mapped(params, ({ shape }) => shape)), (specs) =>
    mapped(specs, ({ shape, start }, name) =>
      tf.variable(start === "parameter" ? params[name]! : tf.fill([...shape], start), false),
    ),
  );
  let step = 0;
  return (gradients, loss) =>
    tf.tidy(() => {
      const after = transform.update<T>(
        { updates: gradients, params, slots },
        {
          value: (rate) => tf.scalar(typeof rate === "number" ? rate : rate(step)),
          ...(loss && { loss }),
        },
      );
      for (const [name, update] of Object.entries(after.updates))
        params[name]!.assign(params[name]!.add(update));
      for (const [slot, variables] of Object.entries(slots))
        for (const [name, variable] of Object.entries(variables))
          variable.assign(after.slots[slot]![name]!);
      step++;
    });
}
