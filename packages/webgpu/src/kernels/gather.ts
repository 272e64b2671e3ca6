import type { GatherSpec } from "@tenon/plan";
import type { DType } from "@tenon/contracts";
import { eachElement } from "./eachElement.js";
import { checked, checking, place, sizeOfResult } from "./indices.js";
import type { Kernel } from "./kernel.js";

/** out[o, j, i] = x[o, indices[j], i]. Operands: out, x, indices [m]. */
export function gather(spec: GatherSpec, dtype: DType): Kernel {
  const { outer, n, m, inner, use } = spec;
  if (inner === 0) return checking("gather", outer > 0 ? m : 0, spec, dtype);
  return eachElement("gather", sizeOfResult(spec), {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: { n, use },
    body: ([out, x, indices]) => `${place(m, inner)}
${checked(indices!.load("at"), n)}
else { ${out!.store("i", x!.load(`(outer * ${n}u + u32(index)) * ${inner}u + inner`))} }`,
  });
}

/** out[o, j, i] = x[o, indices[o, j, i], i]. Operands: out, x, indices. */
export function takeAlong(spec: GatherSpec, dtype: DType): Kernel {
  const { n, m, inner, use } = spec;
  return eachElement("takeAlong", sizeOfResult(spec), {
    flops: 0,
    operands: [dtype, dtype, "int32"],
    mayFail: { n, use },
    rows: spec.outer,
    body: ([out, x, indices]) => `${place(m, inner)}
${checked(indices!.load("i"), n)}
else { ${out!.store("i", x!.load(`(outer * ${n}u + u32(index)) * ${inner}u + inner`))} }`,
  });
}
