import type { Shape } from "@tenon/contracts";
import { badArgument, sameShape, sizeOf } from "@tenon/guards";

/** The shape of an elementwise result of two shapes, as NumPy broadcasts them. */
export function broadcast(name: string, a: Shape, b: Shape): Shape {
  if (b.length === 0 || sameShape(a, b)) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw badArgument(name, "shapes that fit", `[${a.join(", ")}] and [${b.join(", ")}]`);
    return x === 1 ? y : x;
  });
}

/**
 * For each element of an array of shape `to`, in order, the index of the element of an array of
 * shape `source` that broadcasting repeats there.
 */
export function broadcastIndices(source: Shape, to: Shape): Int32Array {
  const indices = new Int32Array(sizeOf(to));
  const strides = new Array<number>(to.length).fill(0);
  for (let axis = source.length - 1, stride = 1; axis >= 0; stride *= source[axis]!, axis--)
    if (source[axis] !== 1) strides[to.length - source.length + axis] = stride;
  const position = new Array<number>(to.length).fill(0);
  for (let element = 0, index = 0; element < indices.length; element++) {
    indices[element] = index;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      index += strides[axis]!;
      if (++position[axis]! < to[axis]!) break;
      index -= strides[axis]! * to[axis]!;
      position[axis] = 0;
    }
  }
  return indices;
}
