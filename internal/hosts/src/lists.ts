import type { Transform } from "@tenon/contracts";
import { onArrays } from "@tenon/optimizers";

type Lists = Readonly<Record<string, number[]>>;

const arraysOf = (lists: Lists): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float64Array.from(list)]));

/** An optimizer of plain lists of numbers, which it changes in place. */
export function onLists(
  transform: Transform,
  params: Lists,
): (gradients: Lists, loss?: number) => void {
  const arrays = arraysOf(params);
  const optimizer = onArrays(transform, arrays);
  return (gradients, loss) => {
    optimizer.step(arraysOf(gradients), loss);
    for (const [name, list] of Object.entries(params))
      list.forEach((_, i) => (list[i] = arrays[name]![i]!));
  };
}
