import type { Transform } from "@tenon/contracts";
import { chain } from "../chain.js";

/** A chain under a name of its own. */
export function preset(name: string, ...transforms: readonly Transform[]): Transform {
  return { ...chain(...transforms), name };
}
