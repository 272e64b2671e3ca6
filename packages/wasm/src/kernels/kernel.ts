import type { FunctionIndex, I32, ModuleBuilder } from "@tenon/emit";
import type { ConvSpec } from "./conv/geometry.js";
import type { KernelView } from "../view.js";

/**
 * A function to be emitted: kernels with the same key are the same code, and are emitted once for a
 * module.
 */
export interface Kernel extends KernelView {
  /** The convolution that it is, if it is one whose numbers a reader may compute itself. */
  readonly conv?: ConvSpec;
  /**
   * One kernel in place of `maker`, which makes what this one reads through a pointer, and this
   * one. Pointers: this one's without that, then the maker's inputs.
   */
  readonly over?: (maker: Kernel, pointer: number) => Kernel | undefined;
  /**
   * The same work in pieces that are images, so many of them with so many numbers in all, where it
   * is over them all and can be cut so.
   */
  readonly byImages?: (count: number, numbers: number) => Kernel | undefined;
  /** How pieces belong to images, where they do. */
  readonly images?: ByImage;
  /**
   * Emits `(pointer…, begin, end)`, which does the pieces from `begin` up to but not including
   * `end`.
   */
  emit(module: ModuleBuilder): FunctionIndex;
}

/** Of a kernel whose pieces are images, parts of them, or groups of them. */
export interface ByImage {
  readonly count: number;
  /** So many images belong together: a group is whole pieces. */
  readonly step: number;
  /** The first piece of an image that begins a group; of `count` it is the number of pieces. */
  piece(image: I32): I32;
  /**
   * Pointers to arrays of one row for each image, of which a piece touches only those of its
   * images.
   */
  readonly pointers: readonly number[];
}

/** Kernels that follow each other and pass numbers on in memory that nobody else sees. */
export interface Stages {
  /** Bytes of each temporary array. */
  readonly temporaries: readonly number[];
  readonly stages: readonly {
    readonly kernel: Kernel;
    /**
     * What each of its pointers is: 0, … the outputs, then the inputs, and after them the
     * temporaries.
     */
    readonly operands: readonly number[];
  }[];
}
