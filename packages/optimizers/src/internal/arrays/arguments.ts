import type { ByPath, Shape } from "@tenon/contracts";
import { badArgument, sameShape, shown, sizeOf } from "@tenon/guards";
import type { Floats } from "./floats.js";
import type { Entry } from "./planTransform.js";

/** An array, as a vector or with its shape. */
export type Parameter = Floats | { readonly shape: Shape; readonly data: Floats };

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Throws unless the value is an object, as one of arrays by name is. */
export function checkByName(name: string, expected: string, given: unknown): void {
  if (
    typeof given !== "object" ||
    given === null ||
    Array.isArray(given) ||
    ArrayBuffer.isView(given)
  )
    throw badArgument(name, expected, shown(given));
}

export function dataOf(array: Parameter): Floats {
  return ArrayBuffer.isView(array) ? array : array.data;
}

function isFloats(data: unknown): data is Floats {
  const tag = (data as { [Symbol.toStringTag]?: string } | null | undefined)?.[Symbol.toStringTag];
  return tag === "Float32Array" || tag === "Float64Array";
}

/**
 * A parameter with its shape. Throws unless it is an array of floats that fits its shape.
 *
 * @param name of the function that was called
 */
export function parameterEntry(name: string, array: Parameter, path: string): Entry {
  const data = array === null || array === undefined ? undefined : dataOf(array);
  if (!isFloats(data))
    throw badArgument(
      name,
      `parameter "${path}" to be a Float32Array, a Float64Array or { shape, data }`,
      nameOf(data ?? array),
    );
  const shape = ArrayBuffer.isView(array) ? [data.length] : array.shape;
  if (!Array.isArray(shape))
    throw badArgument(name, `parameter "${path}" to have a shape`, shown(shape));
  if (sizeOf(shape) !== data.length)
    throw badArgument(
      name,
      `parameter "${path}" of shape [${shape.join(", ")}] to have ${sizeOf(shape)} elements`,
      data.length,
    );
  return { shape: [...shape], data };
}

/** Throws unless there is a gradient for each parameter, of its shape, and no other. */
export function checkGradients(
  gradients: ByPath<Parameter>,
  entries: ByPath<Entry>,
  paths: readonly string[],
): void {
  checkByName("step", "gradients by name", gradients);
  for (let i = 0; i < paths.length; i++) checkGradient(gradients, paths[i]!, entries[paths[i]!]!);
  for (const path in gradients)
    if (!Object.hasOwn(entries, path))
      throw badArgument("step", `gradients of ${quoted(paths)}`, `also one of "${path}"`);
}

function checkGradient(gradients: ByPath<Parameter>, path: string, { shape, data }: Entry): void {
  if (!Object.hasOwn(gradients, path))
    throw badArgument(
      "step",
      `a gradient of "${path}"`,
      "none",
      "give each parameter one, of zeros if it is not to change",
    );
  const gradient = gradients[path]!;
  const values = gradient && dataOf(gradient);
  if (!isFloats(values))
    throw badArgument(
      "step",
      `the gradient of "${path}" to be a Float32Array, a Float64Array or { shape, data }`,
      nameOf(values ?? gradient),
    );
  if (values.length !== data.length)
    throw badArgument(
      "step",
      `the gradient of "${path}" to have ${data.length} elements`,
      values.length,
    );
  if (!ArrayBuffer.isView(gradient) && !sameShape(gradient.shape, shape))
    throw badArgument(
      "step",
      `the gradient of "${path}" to have the shape [${shape.join(", ")}]`,
      `[${gradient.shape.join(", ")}]`,
    );
}

function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
