// What users may read of a compiled program: data only. Types of the private assembler, which users
// do not have, must not occur here.

/** A function of a program. Kernels with the same key have the same code. */
export interface KernelView {
  /** Names the code completely: `gemm 128x10x784 nt`. */
  readonly key: string;
  /**
   * How many byte addresses it takes: outputs first, then inputs. Arrays are contiguous in
   * row-major order, 16-byte aligned, and 16 bytes longer than their elements.
   */
  readonly pointers: number;
  /**
   * The work is cut into this many items, a number that depends on shapes only, never on threads.
   * Work items write to different places, so they may be done in any order, by any thread.
   */
  readonly workItems: number;
  /** Bytes of scratch memory that one call needs; if any, its address is one more pointer. */
  readonly scratch: number;
  /** Floating-point operations. */
  readonly flops: number;
}

/** An array in memory that steps read and write. */
export interface BufferView {
  readonly bytes: number;
}

/** One call of a kernel. */
export interface StepView {
  readonly kernel: KernelView;
  /** In the order of the kernel's pointers; the caller adds the scratch memory. */
  readonly operands: readonly BufferView[];
  /** Positions of the operands that the kernel writes to; it reads the others. */
  readonly writes: readonly number[];
  /** The operations of the model whose results the kernel stores. */
  readonly label: string;
  /** How many operations of the graph the kernel computes. */
  readonly fused: number;
  /**
   * Of a step of a scan: how often it runs, together with the steps next to it that have the same
   * repetition.
   */
  readonly repetition?: { readonly times: number };
}

/** What a training step does: which kernels run in which order on which memory. */
export interface PlanView {
  readonly steps: readonly StepView[];
  /** Byte offset of every buffer. */
  readonly offsets: ReadonlyMap<BufferView, number>;
  /** Byte offset of the scratch memory that kernels use while they run. */
  readonly scratch: number;
  /** Bytes of scratch memory that one thread needs. */
  readonly scratchBytes: number;
  /** Bytes of all buffers, and of the scratch memory of one thread. */
  readonly bytes: number;
}
