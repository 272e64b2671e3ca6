import type { ByPath, NDArray } from "@tenon/contracts";
import { badArgument, isTyped, list, noOptions, shown, sizeOf } from "@tenon/guards";

/**
 * All values of arrays as one Float32Array: array after array in the order of their names' codes,
 * each in row-major order. The order depends on the names alone. PyTorch: `parameters_to_vector`.
 *
 * Throws where what is given are no arrays.
 */
export function toVector(arrays: ByPath<NDArray>): Float32Array {
  noOptions("toVector", arguments[1]);
  const entries = sorted("toVector", arrays);
  const vector = new Float32Array(entries.reduce((sum, [, { data }]) => sum + data.length, 0));
  let begin = 0;
  for (const [, { data }] of entries) {
    vector.set(data, begin);
    begin += data.length;
  }
  return vector;
}

/**
 * The arrays whose values `toVector` put into a vector, with the names and shapes of `like`.
 * PyTorch: `vector_to_parameters`.
 *
 * Throws where the vector does not have as many values as `like`, or one is no number, or, for an
 * int32 array, no integer.
 */
export function fromVector(vector: ArrayLike<number>, like: ByPath<NDArray>): ByPath<NDArray> {
  noOptions("fromVector", arguments[2]);
  list("fromVector", "the vector", vector);
  const entries = sorted("fromVector", like);
  const count = entries.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
  if (vector.length !== count)
    throw badArgument("fromVector", `${count} values, as many as the arrays have`, vector.length);
  const wrong = isTyped(vector)
    ? -1
    : Array.prototype.findIndex.call(vector, (value) => typeof value !== "number");
  if (wrong >= 0)
    throw badArgument(
      "fromVector",
      "the vector to hold numbers",
      `${shown(vector[wrong])} at ${wrong}`,
    );
  const arrays: Record<string, NDArray> = Object.create(null);
  let begin = 0;
  for (const [name, { shape, dtype }] of entries) {
    const end = begin + sizeOf(shape);
    const part = Array.prototype.slice.call(vector, begin, end) as number[];
    const broken = dtype === "int32" ? part.findIndex((value) => (value | 0) !== value) : -1;
    if (broken >= 0)
      throw badArgument(
        "fromVector",
        `integers of 32 bits for "${name}", which is int32`,
        `${part[broken]} at ${begin + broken}`,
      );
    arrays[name] = {
      shape,
      dtype,
      data: dtype === "int32" ? Int32Array.from(part) : Float32Array.from(part),
    };
    begin = end;
  }
  return arrays;
}

function sorted(who: string, arrays: ByPath<NDArray>): [string, NDArray][] {
  const entries = Object.entries(
    typeof arrays === "object" && arrays !== null && !ArrayBuffer.isView(arrays) ? arrays : {},
  );
  if (
    entries.length === 0 ||
    entries.some(
      ([, array]) =>
        !Array.isArray(array?.shape) ||
        !isTyped(array.data) ||
        sizeOf(array.shape) !== array.data.length,
    )
  )
    throw badArgument(who, "arrays { shape, dtype, data } by name", shown(arrays));
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
