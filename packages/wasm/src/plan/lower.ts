import { sizeOf, type Conv2dAttrs, type MatmulAttrs, type Pool2dAttrs, type UniformAttrs, type PadAttrs, type ConcatAttrs } from "@tenon/tensor";
import type { Shape } from "@tenon/contracts";
import { elementwise } from "../kernels/elementwise.js";
import type { Kernel } from "../kernels/kernel.js";
import { reduce, type Reduction } from "../kernels/reduce.js";
import { fused } from "./body.js";
import type { Fusion, Unit } from "./fuse.js";
import type { Ir } from "./ir.js";
import type { Buffer } from "./memory.js";
import type { Step } from "./plan.js";

/** The kernels that do a unit's work, and what they work on. */
export function lower(unit: Unit, fusion: Fusion, bufferOf: (x: Ir) => Buffer): Step[] {
  const [x] = unit.results as [Ir];
  if (unit.kind === "operation") return operation(x, unit, bufferOf);
  if (unit.kind === "loop") {
    const { loop, inputs } = fused(x.shape, unit.results, unit.stores, fusion);
    return [{ kernel: elementwise(loop), operands: [...unit.stores, ...inputs].map(bufferOf), label: unit.results.map((r) => r.op).join("+") }];
  }
  const [from] = x.inputs as [Ir];
  const { loop, inputs } = fused(from.shape, [], [from], fusion);
  const { axes } = x.attrs as { axes: readonly number[] };
  return [{ kernel: reduce({ ...loop, axes, kind: x.op as Reduction["kind"] }), operands: [x, ...inputs].map(bufferOf), label: x.op }];
}
