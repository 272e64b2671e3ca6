// A planner for any engine: graph → rewritten graph → fused units → ordered units → kernels →
// chained kernels → planned memory.
//
// An engine gives a `Backend` (what its kernels can do, and which rewrites pay) and calls
// `planStep(step, start, inputs, backend)`. The result's `plan` says which kernels run in which
// order on which memory; `bind(memory)` gives the caller's side of the program: `feed`, `begin`,
// then the engine runs `plan.steps`, then `finish`, and `state` and `load`.

export * from "./backend.js";
export { checksFirst } from "./checksFirst.js";
export { chainsBy } from "./chaining.js";
export * from "./describe.js";
export { loopsBehind } from "./fuse/behind.js";
export { epiloguesBy } from "./fuse/epilogues.js";
export { loopOf, operationCount, type FusedLoop } from "./fuse/loopOf.js";
export { convGradientsGroup, maxPoolGroup, scanGroup, type SiblingGroup } from "./fuse/siblings.js";
export {
  finitePrologue,
  imageAccess,
  maxPoolPrologue,
  readsAsImage,
  reductionPrologue,
  summaryPrologue,
  unpoolEpilogue,
  type Epilogue,
  type ImageAccess,
  type Prologue,
} from "./fuse/traits.js";
export type { FusionOptions, LoopLimits } from "./fuse/fuse.js";
export type { Unit } from "./fuse/unit.js";
export { access, isContiguous, isIdentity, type Access } from "./graph/access.js";
export { fillValue, type FillAttrs, type Node } from "./graph/node.js";
export {
  argmaxOf,
  isExactCover,
  isNonOverlapping,
  poolSpecOf,
  type PoolSpec,
} from "./graph/pool.js";
export { isComparison } from "./graph/opTraits.js";
export type { Host } from "./host/host.js";
export * from "./loop.js";
export {
  alignedBytes,
  layOut,
  wholeOf,
  type Buffer,
  type Layout,
  type Lifetime,
  type MemoryOptions,
  type Repetition,
} from "./memory.js";
export type { Plan, StepGraph } from "./plan.js";
export * from "./plannedStep.js";
export { repeatedScans, writtenOutScans } from "./scanSteps.js";
export { undoableSteps } from "./state/undoableSteps.js";
export { inOrder, spread, usesBy, type Use } from "./spread.js";
export { selectionOf } from "./state/selection.js";
export { padsAsConcat } from "./rewrite/padsAsConcat.js";
export type { RewriteRule } from "./rewrite/rule.js";
export { sumOverWindows } from "./rewrite/sumOverWindows.js";
export {
  maskUnpooled,
  unpoolConv2d,
  type ConvSpec,
  type UnpoolConv2dAttrs,
} from "./rewrite/unpool.js";
export { checkExplained, kilobytes, planTable, type TableRow } from "./table.js";
export { threefryRotations } from "./threefry.js";
export * from "./polynomials.js";
