import type { FunctionIndex, ModuleBuilder } from "@tenon/emit";

/** A function to be emitted: kernels with the same key are the same code, and are emitted once for a module. */
export interface Kernel {
  /** Names the code completely: `gemm 128x10x784 nt`. */
  readonly key: string;
  /** How many byte addresses it takes: outputs first, then inputs. Arrays are dense, row-major, 16-byte aligned, 16 bytes longer than their numbers. */
  readonly pointers: number;
  /** The work is cut into this many pieces, which depends on shapes only, never on threads. Pieces write to different places. */
  readonly pieces: number;
  /** Bytes of memory of its own that one call needs; if any, its address is one more pointer. */
  readonly scratch: number;
  /** Floating-point operations, for those who want to know. */
  readonly flops: number;
  /** Emits `(pointer…, begin, end)`, which does the pieces from `begin` up to but not including `end`. */
  emit(module: ModuleBuilder): FunctionIndex;
}

/** Kernels that follow each other and pass numbers on in memory that nobody else sees. */
export interface Stages {
  /** Bytes of each temporary array. */
  readonly temporaries: readonly number[];
  readonly stages: readonly {
    readonly kernel: Kernel;
    /** What each of its pointers is: 0, … the outputs, then the inputs, and after them the temporaries. */
    readonly operands: readonly number[];
  }[];
}
