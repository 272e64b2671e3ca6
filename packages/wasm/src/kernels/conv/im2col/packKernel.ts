import type { Address, FunctionBuilder, ModuleBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { Geometry } from "../geometry.js";
import { pack, panelBytes, type Panels } from "../../gemm/panels.js";

/** A convolution's kernel w[taps, outputs], packed for products: panels for each group. */
export interface PackedKernel {
  /** Bytes of the panels of one group. */
  readonly groupBytes: number;
  /** Bytes of all panels. */
  readonly bytes: number;
  /** Whether the panels are columns of wᵀ [outputs, taps]. */
  readonly transposed: boolean;
}

export function packedKernel(g: Geometry, transposed: boolean): PackedKernel {
  const bytes = transposed ? panelBytes(g.taps, g.og) : panelBytes(g.og, g.taps);
  const groupBytes = 16 * Math.ceil(bytes / 16);
  return { groupBytes, bytes: g.groups * groupBytes, transposed };
}

/** Emits the packing of all groups. */
export function packKernel(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { groupBytes, transposed }: PackedKernel,
  {
    g,
    panels,
    w,
    packed,
  }: {
    readonly g: Geometry;
    readonly panels: Panels;
    readonly w: Address;
    readonly packed: Address;
  },
): void {
  for (let group = 0; group < g.groups; group++)
    pack(module, f, panels, {
      layout: { transposed, stride: 4 * g.o },
      to: i32.add(packed, group * groupBytes),
      from: i32.add(w, 4 * g.og * group),
      count: panels.full,
      withTail: 1,
    });
}
