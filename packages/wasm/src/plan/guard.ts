import { allFinite, sizeOf, topological, where, type Tensor } from "@tenon/tensor";
import { i32 } from "@tenon/emit";
import { elementwise } from "../kernels/loop/elementwise.js";
import type { Kernel } from "../kernels/kernel.js";
import { access, identity } from "./access.js";
import { fused } from "./body.js";
import type { Fusion } from "./fuse.js";
import { isLeaf } from "./kinds.js";
import type { Ir } from "./ir.js";
import type { Buffer } from "./memory.js";
import { copyKernel } from "./lower.js";
import type { Step } from "./plan.js";

/**
 * Numbers that must all be finite, and the word that says so: loops look at them as they make or
 * read them.
 */
export interface Guard {
  /** One int32: 1 before the step, 0 after it where a number was not finite. */
  readonly buffer: Buffer;
  /**
   * The positions in a loop's body of those numbers that nobody looks at yet; from now on that loop
   * does.
   */
  checksIn(nodeOf: (x: Ir) => number | undefined): number[];
  /** Loops that look at what is left. */
  rest(): Step[];
}

/** Operations whose result is not finite if their operand (of `div` the first) is not. */
const shows = new Set(["add", "sub", "mul", "div", "neg", "abs", "square", "sqrt", "copy"]);

/**
 * Those of some numbers that need to be looked at: where one of the others is not finite, one of
 * these is not either.
 */
export function telling(watched: readonly Ir[]): Ir[] {
  const covered = new Set<Ir>();
  // `where(all is well, after, before)`
  const valueOf = (x: Ir): Ir => (x.op === "where" ? access(x.inputs[1]!).base : access(x).base);
  const visit = (x: Ir): void => {
    for (const input of shows.has(x.op) ? x.inputs.slice(0, x.op === "div" ? 1 : 2) : []) {
      const at = access(input);
      if (covered.has(at.base) || !identity(at, x.shape)) continue;
      covered.add(at.base);
      visit(at.base);
    }
  };
  for (const x of watched) visit(valueOf(x));
  return watched.filter((x) => x.dtype === "float32" && !covered.has(valueOf(x)));
}

export function guardOf(
  { word, first, numbers, steady }: Watched,
  bufferOf: (x: Ir) => Buffer,
): Guard {
  const open = new Set(telling(numbers));
  const buffer = bufferOf(word);
  const unshown = new Set(telling([...numbers, ...steady]));
  const look = (x: Ir): Step => {
    const { offset, strides } = access(x);
    const loop = {
      shape: x.shape,
      inputs: [{ strides, offset }],
      body: [{ op: "load", input: 0, dtype: "float32" }],
      outputs: [],
      checks: [0],
    } as const;
    return {
      kernel: elementwise(loop),
      operands: [bufferOf(x), buffer],
      label: "finite",
      fused: 1,
    };
  };
  return {
    buffer,
    checksIn(nodeOf) {
      const found = new Set<number>();
      for (const x of open) {
        const node = nodeOf(x);
        if (node === undefined) continue;
        found.add(node);
        open.delete(x);
      }
      return [...found];
    },
    rest: () => [
      ...[...open].map(look),
      ...steady
        .filter((x) => unshown.has(x))
        .map(look)
        .map(({ kernel, operands, ...step }) => ({
          ...step,
          kernel: onlyIf(kernel),
          operands: [...operands, bufferOf(first), buffer],
        })),
    ],
  };
}

/** How a step is undone that changes all of its state or nothing. */
export interface Watched {
  /**
   * Three words (a `guard`): 0 after the step where a new value was not finite; where one was
   * large; 1 before it if old values are to be kept in any case.
   */
  readonly word: Ir;
  /** New values that are looked at as they are written. */
  readonly numbers: readonly Ir[];
  /**
   * New values that are finite where all that they are made of is calm: looked at only where it is
   * not.
   */
  readonly steady: readonly Ir[];
  /** Whether all else is finite and calm, which is known before anything is changed. */
  readonly first: Ir;
  /** All that is replaced. */
  readonly states: readonly Ir[];
}

/** Keeps copies of old values, where what is about to happen may go wrong. */
export function keeper(
  { word, first, states }: Watched,
  bufferOf: (x: Ir) => Buffer,
): { readonly step: Step; readonly copies: readonly Buffer[] } {
  const copies = states.map(({ shape }): Buffer => ({ bytes: 4 * sizeOf(shape) }));
  const kernels = states.map(({ shape }) => copyKernel(shape));
  const key = `keep ${kernels.map((kernel) => kernel.key).join("; ")}`;
  const all: Kernel = {
    key,
    pointers: 2 * kernels.length,
    workItems: 1,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.once(key, () => {
        const each = kernels.map((kernel) => kernel.emit(module));
        return module.func(key, new Array(2 * kernels.length + 2).fill("i32"), (f, ...pointers) =>
          each.forEach((of, i) =>
            f.call(of, pointers[i]!, pointers[kernels.length + i]!, 0, kernels[i]!.workItems),
          ),
        );
      }),
  };
  return {
    copies,
    step: {
      kernel: onlyIf(all),
      operands: [...copies, ...[...states, first, word].map(bufferOf)],
      label: "keep",
      fused: 0,
    },
  };
}

/**
 * A kernel that does its work where `first` is not calm, or the word says so: its last two
 * pointers.
 */
function onlyIf(kernel: Kernel): Kernel {
  const key = `${kernel.key} if not calm`;
  const pointers = kernel.pointers + 2;
  return {
    // Hardly ever done: threads need not meet for it.
    key,
    pointers,
    workItems: kernel.workItems,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.once(key, () => {
        const of = kernel.emit(module);
        return module.func(key, new Array(pointers + 2).fill("i32"), (f, ...given) => {
          const [first, word, begin, end] = given.slice(-4);
          f.if(i32.or(i32.eqz(i32.load(first!, 4)), i32.load(word!, 8)), () =>
            f.call(of, ...given.slice(0, -4), begin!, end!),
          );
        });
      }),
  };
}

/**
 * Those of them that nothing stores, nor any loop makes or reads as they lie: they must be made to
 * be looked at.
 */
export function unseen(numbers: readonly Ir[], fusion: Fusion): Ir[] {
  const loops = fusion.units
    .filter(({ kind }) => kind === "loop")
    .map(({ results, stores }) => fused(results[0]!.shape, results, stores, fusion));
  const stored = new Set(fusion.units.flatMap(({ stores }) => stores));
  return numbers.filter((x) => {
    const { base } = access(x);
    return (
      !isLeaf(base.op) && !stored.has(base) && !loops.some(({ nodeOf }) => nodeOf(x) !== undefined)
    );
  });
}

/** A step that changes all of its state or nothing. */
export interface Transaction {
  /** What says whether it did. */
  readonly flag: Tensor;
  /**
   * Whether all is finite but new values of the state that are made of that and of older ones
   * alone, such as parameters: it is looked at before anything is changed.
   */
  readonly first: Tensor;
  /** What the state becomes. */
  readonly next: readonly Tensor[];
  /** Those new values, as the step was recorded: they are only looked at as they are written. */
  readonly late: ReadonlySet<Tensor>;
}

/**
 * Whether all that a step changes is `where(flag, after, before)` of one flag, `allFinite(…)`, that
 * nothing else depends on.
 */
export function transactionOf(
  before: readonly Tensor[],
  after: readonly Tensor[],
  outputs: readonly Tensor[],
): Transaction | undefined {
  const changes = after.flatMap((x, i) =>
    x === before[i]
      ? []
      : [
          {
            x,
            test: x.inputs[0],
            value: x.inputs[1],
            fits: x.op.name === "where" && x.inputs[2] === before[i],
          },
        ],
  );
  const flags = new Set(changes.map(({ fits, test, x }) => (fits ? unbroadcast(test!) : x)));
  const [flag] = flags;
  if (flags.size !== 1 || flag!.op.name !== "allFinite") return undefined;
  if (
    topological([
      ...changes.map(({ value }) => value!),
      ...flag!.inputs,
      ...outputs.filter((x) => x !== flag),
    ]).includes(flag!)
  )
    return undefined;
  const values = new Set(changes.map(({ value }) => value!));
  const known = new Set([...before, ...flag!.inputs.filter((x) => !values.has(x))]);
  // A statistic is made of what a layer saw.
  const late = changes.filter(
    ({ value }) =>
      flag!.inputs.includes(value!) &&
      topological([value!], (x) => known.has(x) || x.op.name === "schedule").every(
        (x) => x.op.name !== "input",
      ),
  );
  const rest = new Set(late.map(({ value }) => value));
  const first = allFinite(flag!.inputs.filter((x) => !rest.has(x)));
  return {
    flag: flag!,
    first,
    next: after.map((x, i) => (x === before[i] ? x : where(first, x.inputs[1]!, before[i]!))),
    late: new Set(late.map(({ x }) => x)),
  };
}

function unbroadcast(x: Tensor): Tensor {
  return x.op.name === "broadcastTo" || x.op.name === "reshape" ? unbroadcast(x.inputs[0]!) : x;
}
