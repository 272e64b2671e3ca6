import { made } from "@tenon/guards";
import type { Augmentation } from "../augmentation.js";

/** Throws unless the value is an augmentation: what it has of `warp` and `paint` are functions. */
export function checkAugmentation(name: string, value: Augmentation): void {
  const { warp, paint } = Object(value) as Partial<Augmentation>;
  const methods = ["toJSON", ...(warp || !paint ? ["warp"] : []), ...(paint ? ["paint"] : [])];
  made(name, "an augmentation", value, methods.join(" "), "rotate(10)");
}
