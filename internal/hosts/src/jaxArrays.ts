import { numpy as np } from "@jax-js/jax";
import type { Transform } from "@tenon/contracts";
import { onArrays } from "@tenon/optimizers";

type Arrays = Readonly<Record<string, np.Array>>;

/** The values of arrays, which are kept. */
async function valuesOf(arrays: Arrays): Promise<Record<string, Float32Array>> {
  const values: Record<string, Float32Array> = {};
  for (const [name, array] of Object.entries(arrays))
    values[name] = (await array.ref.data()) as Float32Array;
  return values;
}

/** An optimizer of jax-js' arrays: a step consumes the gradients and gives new parameters. */
export async function onJaxArrays(
  transform: Transform,
  params: Arrays,
): Promise<(gradients: Arrays, loss?: number) => Promise<Arrays>> {
  const shapes = new Map(Object.entries(params).map(([name, { shape }]) => [name, shape]));
  const values = Object.entries(await valuesOf(params));
  const entries = Object.fromEntries(
    values.map(([name, data]) => [name, { shape: shapes.get(name)!, data }]),
  );
  const optimizer = onArrays(transform, entries);
  return async (gradients, loss) => {
    optimizer.step(await valuesOf(gradients), loss);
    for (const gradient of Object.values(gradients)) gradient.dispose();
    return Object.fromEntries(
      Object.entries(entries).map(([name, { shape, data }]) => [
        name,
        np.array(data.slice()).reshape([...shape]),
      ]),
    );
  };
}
