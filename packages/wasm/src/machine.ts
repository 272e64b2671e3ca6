// One description of the processor that kernels are tuned for: a core of an x64 or Arm CPU of the
// last ten years. Nothing here changes what a kernel computes except where a constant decides into
// how many partial sums a long sum is cut: those depend on shapes alone, never on the machine that
// runs the code, so that results are the same everywhere.
//
// Kernels derive their own limits from these (`l2Bytes / 2`) and name the benchmark in
// `packages/wasm/bench` that chose the factor.

/** Level-1 data cache of one core. */
export const l1Bytes: number = 32 * 1024;

/** Level-2 cache of one core. */
export const l2Bytes: number = 512 * 1024;

/** float32 or int32 elements in one cache line of 64 bytes. */
export const lineElements = 16;

/**
 * Vectors of partial sums that stay in registers next to the operands of a multiplication: V8 gives
 * out 15 of the 16 vector registers, and spills from ten sums on. Chosen by `bench/gemm` and
 * `bench/conv`.
 */
export const sumVectors = 8;

/**
 * With this many work items a kernel keeps many threads busy; fewer are cut smaller, more are not.
 * Chosen by `npm run bench`, which trains on one thread and on two.
 */
export const enoughWorkItems = 16;

/**
 * Elements of the smallest work item that is worth being taken by another thread. Chosen by
 * `bench/elementwise`.
 */
export const workItemElements = 4096;

/**
 * Bytes of the partial sums of a gradient with respect to a convolution's kernel, one for each part
 * of the batch: more parts would cost more to add than they save. Chosen by `bench/conv`.
 */
export const partialSumsBytes: number = 8 * 1024 * 1024;
