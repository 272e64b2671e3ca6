import type { checksFirst } from "./checksFirst.js";
import type { Shape } from "@tenon/contracts";
import type { ChainSteps } from "./chaining.js";
import type { FusedLoop } from "./fuse/loopOf.js";
import type { FusionOptions } from "./fuse/fuse.js";
import type { Unit } from "./fuse/unit.js";
import type { Node } from "./graph/node.js";
import type { Loop } from "./loop.js";
import type { Buffer, MemoryOptions, Repetition } from "./memory.js";
import type { Entry } from "./repeated.js";
import type { RewriteRule } from "./rewrite/rule.js";
import type { UndoableSteps } from "./state/undoableSteps.js";
import type { Scans } from "./scanSteps.js";
import type { selectionOf } from "./state/selection.js";

/** The properties of a kernel that the planner reads. */
export interface PlannedKernel {
  /** Bytes of memory that one call needs for itself. */
  readonly scratch: number;
  /** Floating-point operations. */
  readonly flops: number;
}

/** One call of a kernel. */
export interface Step<K> {
  readonly kernel: K;
  /**
   * One buffer for each of the kernel's operands. State that is replaced in place is there twice.
   */
  readonly operands: readonly Buffer[];
  /** Positions of the operands that the kernel writes to; it reads the others. */
  readonly writes: readonly number[];
  /** What it computes, for people: the operations whose results it stores. */
  readonly label: string;
  /** How many operations of the trace it does in one pass. */
  readonly fused: number;
  /**
   * Of a step that is repeated together with those next to it that have the same one. With each
   * repetition operands that are parts of others move on.
   */
  readonly repetition?: Repetition;
}

/** A unit that is to be lowered to kernels. */
export interface Lowering {
  readonly unit: Unit;
  /**
   * The expressions of some nodes as one loop: `results` are computed even if they are stored,
   * `stores` are the loop's outputs.
   */
  loopOf(shape: Shape, results: readonly Node[], stores: readonly Node[]): FusedLoop;
  /**
   * The values that this unit's loop checks, if it can: where it has them, and where their words
   * are.
   */
  checksIn(positionOf: FusedLoop["positionOf"]): {
    readonly checks: readonly number[];
    readonly words?: Buffer;
  };
}

/** Kernels that run one after the other, with temporary arrays between them. */
export interface Stages<K> {
  /** Bytes of each temporary array. */
  readonly temporaries: readonly number[];
  readonly stages: readonly {
    readonly kernel: K;
    /** What each of its operands is: 0, … the results, then the inputs, then the temporaries. */
    readonly operands: readonly number[];
  }[];
}

/** The kernel, or kernels in a row, that do a unit's work. */
export interface Work<K> {
  readonly kernel: K | Stages<K>;
  /** The first operands. @defaultValue the unit's first result */
  readonly results?: readonly Node[];
  /** The operands after them. @defaultValue the inputs of the first result */
  readonly inputs?: readonly Node[];
  /** The words that its checks write to: the last operand. */
  readonly words?: Buffer | undefined;
  /** The operations that it computes, for people. @defaultValue that of the first result */
  readonly label?: string;
  /** How many operations it computes. @defaultValue 1 */
  readonly fused?: number;
}

/** One way to lower the units whose first result is of some operation. */
export interface Candidate<K> {
  /** Whether it can, and should where a later candidate also can. @defaultValue always */
  fits?(x: Node, unit: Unit): boolean;
  make(x: Node, lowering: Lowering): Work<K>;
}

/** An array that a kernel passes on to all that read it. */
export interface Link<K> {
  /** Which operand of the producer it is. */
  readonly from: number;
  /** The kernels that read it, and as which operand. */
  readonly consumers: readonly { readonly kernel: K; readonly to: number }[];
  readonly buffer: Buffer;
}

/** The description of an engine for the planner. */
export interface Backend<K extends PlannedKernel> extends FusionOptions {
  /** For error messages. */
  readonly name: string;
  /**
   * What to do with a step that has an operation without a kernel: the end of that error.
   * @defaultValue to run it on the reference engine
   */
  readonly elsewhere?: string;
  readonly memory: MemoryOptions;
  /**
   * If the engine computes scans, what makes steps of them: `repeatedScans`, for an engine that
   * repeats steps (`Step.repetition`), or `writtenOutScans`, whose steps have parts of buffers as
   * operands, which begin at any multiple of 4 bytes.
   */
  readonly scans?: Scans;
  /**
   * Rewrites of the graph that pay on this engine, by root in the order in which they are tried.
   */
  readonly rules: readonly RewriteRule[];
  /**
   * Kernels of reductions, of operations and of their epilogues, by the operation of the unit's
   * first result, or of its producer: the first candidate that fits is used.
   */
  readonly kernels: Readonly<Record<string, readonly Candidate<K>[]>>;
  /**
   * A fused elementwise loop. Operands: its outputs, its inputs and, if it has checks, the two
   * words that these write to.
   */
  loop(loop: Loop): K;
  /**
   * `undoableSteps`, for an engine that replaces state in place while some new values are not
   * checked yet: old values are kept, and put back between two steps where a new one is not finite.
   * Without it, all values are checked before any state is replaced, which takes longer: an engine
   * with several steps in flight has no time between them.
   */
  readonly undo?: UndoableSteps<K>;
  /**
   * Whether state has two places: a step whose state is all kept or not at all computes it to the
   * other one, and the engine goes on there if the graph's `flag` says so: `selectionOf` finds
   * them.
   * @defaultValue state has one place
   */
  readonly selection?: typeof selectionOf;
  /**
   * Whether a loop behind an operation (`epilogues`) checks values as one alone does: its words are
   * then the last operand. @defaultValue false
   */
  readonly checksInEpilogues?: true;
  /**
   * Puts single kernels in the place of several, by `chainsBy`, so that an array between them need
   * not be stored as a whole.
   */
  readonly chain?: ChainSteps<K>;
  /** `checksFirst`: values are checked while they are in the cache. @defaultValue at the end */
  readonly checksFirst?: typeof checksFirst;
  /** Puts steps in another order, by `spread`, for an engine that begins some before others end. */
  readonly spread?: (steps: readonly Entry<K>[]) => readonly Entry<K>[];
}
