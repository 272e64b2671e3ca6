import type { ModuleBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";

/** sum + a · b, in one instruction where the target has relaxed SIMD. */
export const multiplyAdd = ({ features }: ModuleBuilder, sum: V128, a: V128, b: V128): V128 =>
  features.relaxed ? f32x4.relaxedMadd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
