import type { FunctionIndex, I32, ModuleBuilder } from "@tenon/emit";
import type { ConvSpec, Loop, MaxPoolOptions, PoolSpec, Stages as StagesOf } from "@tenon/plan";
import type { IndexUse } from "@tenon/tensor";
import type { KernelView } from "../view.js";

/**
 * A function to be emitted. Kernels with the same key have the same code, which is emitted once for
 * a module.
 */
export interface Kernel extends KernelView {
  /** Set if this kernel is a convolution that its consumer may fuse into itself. */
  readonly conv?: ConvSpec;
  /** Set if it stores only a few figures of what it reads. */
  readonly isSummary?: true;
  /** Who uses the indices that it checks. */
  readonly use?: IndexUse | undefined;
  /** Set if it is several kernels that are chained. */
  readonly isChain?: true;
  /** How work items map to the images of a batch, if they do: such kernels can be chained. */
  readonly images?: BatchItems;
  /** Set if this kernel is a max pool, which may compute one of its inputs itself. */
  readonly maxPool?: {
    readonly spec: PoolSpec;
    readonly options: MaxPoolOptions;
    /** The pointer of its first input. */
    readonly firstInput: number;
  };
  /** Set if this kernel is an elementwise loop, which may be cut by images. */
  readonly loop?: Loop;
  /**
   * The same kernel with one work item per image, for a batch of `images` with `elements` elements
   * in all; undefined if its work cannot be cut like that.
   */
  readonly splitByImages?: (images: number, elements: number) => Kernel | undefined;
  /** Emits `(pointer…, [scratch,] begin, end)`, which does work items [begin, end). */
  emit(module: ModuleBuilder): FunctionIndex;
}

/** For a kernel whose work items are images of a batch, parts of images, or groups of images. */
export interface BatchItems {
  /** Images in the batch. */
  readonly count: number;
  /** Images in a group: a group is one or more whole work items. */
  readonly group: number;
  /**
   * The first work item of an image that begins a group; for `count` the number of all work items.
   */
  firstItem(image: I32): I32;
  /**
   * Pointers to arrays with a row per image, of which a work item touches only its images' rows.
   */
  readonly pointers: readonly number[];
}

/** Kernels that run one after the other, with temporary arrays between them. */
export type Stages = StagesOf<Kernel>;
