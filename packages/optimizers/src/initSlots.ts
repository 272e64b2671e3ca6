import type { ByPath, NDArray, SlotSpec, Transform } from "@tenon/contracts";
import { badArgument, noOptions, sizeOf } from "@tenon/guards";
import { checkByPath, checkTransform } from "./internal/checkTransform.js";
import { mapPaths } from "./internal/mapPaths.js";

/**
 * The slots of a transform before its first step: by slot (`"scaleByAdam/m"`), then by parameter
 * path.
 *
 * Each is filled with the transform's initial value, or is a copy of its parameter, and is an array
 * of the parameter's type (Float32Array, unless that is a Float64Array).
 */
export function initSlots(
  transform: Transform,
  params: ByPath<NDArray>,
): Record<string, Record<string, NDArray>> {
  noOptions("initSlots", arguments[2]);
  checkTransform("initSlots", transform);
  checkByPath("initSlots", "parameters", params);
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
    throw badArgument("initSlots", `${name} to have slots of existing parameters`, `"${path}"`);
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
