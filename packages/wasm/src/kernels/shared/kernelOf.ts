import type { FunctionBuilder, Local, ModuleBuilder } from "@tenon/emit";
import type { Kernel } from "../kernel.js";
import { addresses, type ItemRange } from "./workItems.js";

/** A kernel without its code. */
export interface KernelSpec<N extends number> extends Omit<
  Kernel,
  "emit" | "pointers" | "scratch" | "flops"
> {
  readonly pointers: N;
  /** @defaultValue 0 */
  readonly scratch?: number;
  /** @defaultValue 0 */
  readonly flops?: number;
}

/** As many pointers as a kernel takes: a tuple where their number is known. */
type PointersOf<N extends number, T extends readonly unknown[] = []> = number extends N
  ? readonly Local<"address">[]
  : T["length"] extends N
    ? T
    : PointersOf<N, readonly [...T, Local<"address">]>;

/**
 * Emits the code of a kernel's function, given its pointers, its work items, and the address of its
 * scratch memory (without a meaning if it needs none).
 */
export type KernelBody<N extends number> = (
  f: FunctionBuilder,
  pointers: PointersOf<N>,
  range: ItemRange,
  module: ModuleBuilder,
  scratch: Local<"address">,
) => void;

/** A kernel of which `body` emits the function. */
export function kernelOf<const N extends number>(spec: KernelSpec<N>, body: KernelBody<N>): Kernel {
  const kernel = { scratch: 0, flops: 0, ...spec };
  const parameters = {
    pointers: addresses(spec.pointers),
    scratch: addresses(kernel.scratch > 0 ? 1 : 0),
    begin: "i32",
    end: "i32",
  } as const;
  return {
    ...kernel,
    emit: (module) =>
      module.func(spec.key, parameters, (f, { pointers, scratch, ...range }) =>
        body(f, pointers as PointersOf<N>, range, module, scratch[0]!),
      ),
  };
}
