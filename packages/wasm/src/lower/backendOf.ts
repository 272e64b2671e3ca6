import type { VectorFunctions } from "@tenon/emit";
import type { Backend } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import type { library } from "../library.js";
import type { Repeating } from "../repeating.js";
import type { Threading } from "../threads/threading.js";
import type { Decoding } from "../feed.js";
import type { targetFeatures } from "../targetFeatures.js";
import type { KernelTable } from "./candidate.js";
import { core } from "./core.js";

/** What a part of the engine adds to its core. */
export interface Adds extends Partial<
  Pick<
    Backend<Kernel>,
    | "rules"
    | "siblings"
    | "prologues"
    | "epilogues"
    | "scans"
    | "undo"
    | "checksFirst"
    | "chain"
    | "loop"
  >
> {
  readonly kernels?: readonly KernelTable[];
  readonly threading?: Threading;
  readonly decoding?: Decoding;
  readonly targetFeatures?: typeof targetFeatures;
  readonly library?: typeof library;
  readonly repeating?: Repeating;
  /** Code for elementwise functions. */
  readonly functions?: VectorFunctions;
}

/** The description for the planner of an engine with these parts. */
export function backendOf(
  name: string,
  parts: readonly Adds[],
  elsewhere?: string,
): Backend<Kernel> {
  const all = [core, ...parts];
  return {
    ...core,
    ...Object.assign({}, ...parts),
    name,
    ...(elsewhere && { elsewhere }),
    rules: all.flatMap(({ rules = [] }) => rules),
    siblings: all.flatMap(({ siblings = [] }) => siblings),
    prologues: all.flatMap(({ prologues = [] }) => prologues),
    kernels: all.flatMap(({ kernels = [] }) => kernels).reduce(joined),
  };
}

/**
 * Both tables; the candidates of the second one are tried first, whatever fits all nodes last: the
 * order of the parts does not matter.
 */
function joined(a: KernelTable, b: KernelTable): KernelTable {
  const both = Object.entries(b).map(([op, candidates]) => [
    op,
    [...candidates, ...(a[op] ?? [])].sort((x, y) => +!x.fits - +!y.fits),
  ]);
  return { ...a, ...Object.fromEntries(both) };
}
