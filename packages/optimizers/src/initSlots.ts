import type { ByPath, NDArray, SlotSpec, Transform } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import { aTransform, byPath } from "./internal/aTransform.js";
import { mapPaths } from "./internal/mapPaths.js";
import { sizeOf } from "./internal/shapes.js";

/**
 * What a transform remembers before its first step: by slot (`"scaleByAdam/m"`), then by parameter
 * path.
 *
 * Each is filled with the number that the transform asks for, or is a copy of its parameter, and is
 * made of the same kind of numbers as its parameter (Float32Array but for a Float64Array).
 */
export function initSlots(
  transform: Transform,
  params: ByPath<NDArray>,
): Record<string, Record<string, NDArray>> {
  noOptions("initSlots", arguments[2]);
  aTransform("initSlots", transform);
  byPath("initSlots", "parameters", params);
  const specs = transform.slots(mapPaths(params, ({ shape }) => shape));
  return mapPaths(specs, (byPath) =>
    mapPaths(byPath, (spec, path) => filled(transform, spec, path, params[path])),
  ) as Record<string, Record<string, NDArray>>;
}

function filled(
  { name }: Transform,
  { shape, start }: SlotSpec,
  path: string,
  param: NDArray | undefined,
): NDArray {
  if (!param)
    throw badArgument("initSlots", `${name} to ask for slots of known parameters`, `"${path}"`);
  const size = sizeOf(shape);
  const wide = param.data[Symbol.toStringTag] === "Float64Array";
  const data = wide ? new Float64Array(size) : new Float32Array(size);
  if (typeof start === "number") data.fill(start);
  else if (param.data.length !== size)
    throw badArgument(
      "initSlots",
      `a slot that starts as its parameter "${path}" to have its shape [${param.shape.join(", ")}]`,
      `[${shape.join(", ")}]`,
    );
  else data.set(param.data);
  return { shape, dtype: "float32", data };
}
