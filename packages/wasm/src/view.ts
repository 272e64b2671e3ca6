import type { Buffer } from "./plan/memory.js";

// What of a plan can be looked at from outside: data, and not what makes code of it, whose types
// are of a package that nobody has.

/** A function of a program: kernels with the same key are the same code. */
export interface KernelView {
  /** Names the code completely: `gemm 128x10x784 nt`. */
  readonly key: string;
  /**
   * How many byte addresses it takes: outputs first, then inputs. Arrays are dense, row-major,
   * 16-byte aligned, 16 bytes longer than their numbers.
   */
  readonly pointers: number;
  /**
   * The work is cut into this many pieces, which depends on shapes only, never on threads. Pieces
   * write to different places.
   */
  readonly pieces: number;
  /** Bytes of memory of its own that one call needs; if any, its address is one more pointer. */
  readonly scratch: number;
  /** Floating-point operations, for those who want to know. */
  readonly flops: number;
}

/** One call of a kernel. */
export interface StepView {
  readonly kernel: KernelView;
  /** In the order of the kernel's pointers; its scratch memory is added by whoever calls it. */
  readonly operands: readonly Buffer[];
  /** What of the model it computes, for people: the operations whose results it stores. */
  readonly label: string;
  /** How many operations of the record it does in one go. */
  readonly fused: number;
}

/** All that a step does, as data: which kernels run in which order on which memory. */
export interface PlanView {
  readonly steps: readonly StepView[];
  /** Byte offset of every buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Byte offset of the scratch memory that kernels use while they run. */
  readonly scratch: number;
  /** How much of it one thread needs. */
  readonly scratchBytes: number;
  /** How much memory all of it needs, with the scratch memory of one thread. */
  readonly bytes: number;
}
