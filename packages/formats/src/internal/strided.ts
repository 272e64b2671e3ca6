import type { Elements, Shape } from "@tenon/contracts";
import { sizeOf } from "@tenon/guards";

/** Where the elements of an array are in others: index · strides + offset. */
export interface Layout {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The elements of an array, in row-major order. */
export function strided<E extends Elements>(from: E, { shape, strides, offset }: Layout): E {
  const result = from.slice(0, 0).constructor as new (length: number) => E;
  const data = new result(sizeOf(shape));
  const index = shape.map(() => 0);
  let place = offset;
  for (let i = 0; i < data.length; i++) {
    data[i] = from[place];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return data;
}

/** The strides of an array whose elements are in row-major order. */
export function rowMajor(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}
