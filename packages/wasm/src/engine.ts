import type { ArraySpec, Engine, Feed, Leaves, NDArray, Program, Tree } from "@tenon/contracts";
import { known, shown } from "@tenon/guards";
import {
  checkedState,
  feeder,
  indexError,
  leaves,
  mapLeaves,
  placeholders,
  sameTree,
  sizeOf,
  type ConstantAttrs,
  type ScheduleAttrs,
  type Tensor,
} from "@tenon/tensor";
import { moduleBuilder, type TargetFeatures, type FunctionBuilder, type Index } from "@tenon/emit";
import { arenas, type Arenas, type Region } from "./arena.js";
import { targetFeatures } from "./targetFeatures.js";
import { explained, type StepTime } from "./explain.js";
import { inputPlace, roomForPalette, type Bytes } from "./feed.js";
import { badIndexIn } from "./kernels/index/badIndex.js";
import { fromBytes } from "./kernels/input/fromBytes.js";
import { access } from "./plan/access.js";
import { boundsOf } from "./plan/bounds.js";
import { transactionOf } from "./plan/guard.js";
import { irBuilder, type Ir } from "./plan/ir.js";
import { isLeaf } from "./plan/kinds.js";
import { aligned } from "./plan/memory.js";
import type { StateChange } from "./plan/order.js";
import { plan, type Plan } from "./plan/plan.js";
import { inParallel } from "./threads/inParallel.js";
import { phasesOf, shared, wordsBytes, worthSharing } from "./threads/phases.js";
import { availableThreads, workersStart } from "./threads/helper.js";
import { pool, type Pool } from "./threads/pool.js";
import { undoing } from "./undo.js";
import type { PlanView } from "./view.js";

export type { StepTime } from "./explain.js";

/** A program whose plan can be looked at. */
export interface WasmProgram<S, I, O> extends Program<S, I, O> {
  readonly plan: PlanView;
  /**
   * Runs the step some times on the same inputs, one kernel after the other under a stopwatch. The
   * state moves on with each.
   */
  profile(inputs: I, times?: number): StepTime[];
}

export interface WasmOptions {
  /**
   * How many threads work on a step. The numbers are the same with any. @defaultValue all that the
   * machine has, at most 8; 1 where memory cannot be shared (a page that is not cross-origin
   * isolated)
   */
  readonly threads?: number;
  /**
   * Asks V8 for code of 256 bits, where it can make it: in Node 24 and newer, on x64. Products are
   * up to twice as fast; the bits are the same. The price: it sets V8's experimental flag
   * `--experimental-wasm-revectorize`, for all WebAssembly that the process compiles from then on.
   * @defaultValue false
   */
  readonly turbo?: boolean;
  /**
   * Multiplies and adds in one instruction (relaxed SIMD), where the engine has it. Products are
   * faster on processors that multiply and add in the same units. The price: such a pair is rounded
   * once on one machine and twice on another, so that the bits are no longer the same everywhere.
   * @defaultValue false
   */
  readonly relaxed?: boolean;
}

/** The engine that compiles a whole step into one WebAssembly module. */
export interface WasmEngine extends Engine<Tensor> {
  /** Whether it asked for, and V8 makes, code of 256 bits. */
  readonly turbo: boolean;
  /** Whether products use relaxed SIMD. */
  readonly relaxed: boolean;
  /**
   * A table of the kernels that a program runs: what is fused, bytes, operations, the share of time
   * of each. It runs the step some times and puts the state back.
   */
  explain<S, I, O>(program: WasmProgram<S, I, O>, inputs: I): string;
  compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
    step: (
      state: Leaves<S, Tensor>,
      inputs: Leaves<I, Tensor>,
    ) => { readonly state: Leaves<S, Tensor>; readonly outputs: O },
    start: S,
    inputs: I,
  ): WasmProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>>;
}

// A function that makes and drops a vector: the smallest module that needs SIMD.
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/**
 * Throws where a step could not be compiled. A policy may forbid modules and yet allow to validate
 * them.
 */
function checkPlatform(): void {
  const probe = Uint8Array.from(simdProbe);
  if (typeof WebAssembly === "undefined") {
    throw new Error(
      "wasm: expected a platform that has WebAssembly, got one that has none or turned it off " +
        "(Node's --jitless does); use the reference engine here",
    );
  }
  let able = false;
  try {
    able = WebAssembly.validate(probe);
    if (able) new WebAssembly.Module(probe);
  } catch (cause) {
    throw new Error(
      "wasm: expected WebAssembly that may be compiled; allow 'wasm-unsafe-eval' in the content " +
        "security policy, or use the reference engine",
      { cause },
    );
  }
  if (!able) {
    throw new Error(
      "wasm: expected WebAssembly with SIMD instructions (Chrome 91, Firefox 89, Safari 16.4, " +
        "Node 16.4 or newer); use the reference engine here",
    );
  }
}

/** Memory and threads, which engines that have as many threads share. */
interface Machinery {
  readonly room: Arenas;
  /** Those who share the work, started when there is something to share. */
  help(): Pool;
  /** How many threads there are now. */
  alive(): number;
}

/**
 * The machinery of the engines that are alive, by their threads. An engine reserves address space
 * and starts workers, which stay until the collector has seen that it is gone: one that is made for
 * a few steps and dropped must not cost them anew each time.
 */
const machineries = new Map<number, WeakRef<Machinery>>();

function machineryOf(threads: number): Machinery {
  const there = machineries.get(threads)?.deref();
  if (there) return there;
  let helpers: Pool | undefined;
  const forget = (id: number): (() => boolean) => helpers?.forget(id) ?? (() => true);
  const made: Machinery = {
    room: arenas({ shared: threads > 1, forget }),
    help: () => (helpers ??= pool(threads)),
    alive: () => helpers?.alive() ?? threads,
  };
  machineries.set(threads, new WeakRef(made));
  return made;
}

/**
 * The fast engine for CPUs: the whole step becomes one WebAssembly module of SIMD kernels, planned
 * once. The same seed gives the same bits on every machine.
 *
 * @throws if `threads` is no integer ≥ 1
 * @throws where WebAssembly or its SIMD instructions are missing, or may not be compiled (a strict
 *   content security policy)
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmEngine> {
  const {
    threads = Math.min(8, availableThreads()),
    turbo = false,
    relaxed = false,
  } = known("wasm", options, "threads turbo relaxed");
  if (!Number.isInteger(threads) || threads < 1)
    throw new Error(
      `wasm: expected threads to be an integer ≥ 1, got ${shown(threads)}; leave it out to use all`,
    );
  checkPlatform();
  const several = threads > 1 && availableThreads() > 1 && (await workersStart());
  const all = several ? threads : 1;
  const features = targetFeatures({ turbo, relaxed });
  const machinery = machineryOf(all);
  return {
    name: "wasm",
    turbo: features.vectors256,
    relaxed: features.relaxed,
    get threads() {
      return machinery.alive();
    },
    compile: (step, start, inputs) =>
      compile(step, start, inputs, { ...machinery, threads: all, features }),
    explain(program, inputs) {
      const state = program.state();
      try {
        return explained(program.profile(inputs), program.plan as Plan, all);
      } finally {
        program.load(state);
      }
    },
  };
}

function compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
  step: (
    state: Leaves<S, Tensor>,
    inputs: Leaves<I, Tensor>,
  ) => { readonly state: Leaves<S, Tensor>; readonly outputs: O },
  start: S,
  inputs: I,
  machine: Machine,
): WasmProgram<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
  const [stateIn, inputsIn] = [placeholders(start), placeholders(inputs)];
  const recorded = step(stateIn as Leaves<S, Tensor>, inputsIn as Leaves<I, Tensor>);
  const stateOut = sameTree("compile", start, recorded.state as Tree<Tensor>);
  const outputPaths = leaves<Tensor>(recorded.outputs);

  const ir = irBuilder();
  const placed = leaves<Tensor>(stateIn).map(([, x]) => x);
  const before = ir.from(placed);
  const transaction = transactionOf(
    placed,
    stateOut,
    outputPaths.map(([, x]) => x),
  );
  const word = transaction && ir.guard(transaction.flag);
  const first = transaction && ir.from([transaction.first])[0]!;
  const fed = ir.from(leaves<Tensor>(inputsIn).map(([, x]) => x));
  // What leaves the step lies in a buffer that the step itself writes: a placeholder may be
  // replaced meanwhile.
  const own = (x: Ir): Ir => {
    const stored = ir.stored(x);
    return isLeaf(access(stored).base.op) ? ir.copied(stored) : stored;
  };
  const taken = new Set<Ir>();
  const after = ir.from(transaction?.next ?? stateOut).map((x, i) => {
    if (x === before[i]) return x;
    // A view cannot be written in place, nor can one value replace two.
    const value = own(x);
    const base = access(value).base;
    const result = base !== value || taken.has(value) ? ir.copied(value) : value;
    taken.add(result);
    return result;
  });
  const outputs = ir.from(outputPaths.map(([, x]) => x)).map((x) => (x === word ? x : own(x)));
  const changes = before.map((x, i) => ({ before: x, after: after[i]! }));
  const late = changes.filter((_, i) => transaction?.late.has(stateOut[i]!));
  const changed = late.length > 0 ? changes.filter((change) => change.before !== change.after) : [];
  const looked = new Set(ir.from(transaction?.first.inputs ?? []));
  const bounds = boundsOf(changes, late, looked);
  const isSteady = (change: StateChange): boolean => bounds.steady.has(change);
  const planned = plan(
    changes,
    first ? [...outputs, first] : outputs,
    fed,
    word &&
      first && {
        word,
        first,
        states: changed.map((change) => change.before),
        numbers: late.filter((change) => !isSteady(change)).map((change) => change.after),
        steady: late.filter(isSteady).map((change) => change.after),
      },
  );

  const { region, run, calls, bytes } = instantiate(planned, machine);
  const { buffer } = region.memory;
  /** Kernels fail only where an index is none, and then nothing of the state was changed. */
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      const bad = badIndexIn(buffer, region.at);
      throw bad ? Object.assign(indexError(bad.name, bad.index, bad.n), { cause }) : cause;
    }
  };

  const view = (x: Ir, of = planned.bufferOf(x)): Float32Array | Int32Array => {
    const offset = region.at + (planned.offsets.get(of) ?? 0);
    const size = sizeOf(x.shape);
    return x.dtype === "int32"
      ? new Int32Array(buffer, offset, size)
      : new Float32Array(buffer, offset, size);
  };
  /** Makes trees like another, of copies of these values as they are at the time. */
  const copies = (tree: Tree<ArraySpec>, values: readonly Ir[]): (() => Tree<NDArray>) => {
    let at = 0;
    return called(
      mapLeaves(tree, () => {
        const x = values[at++]!;
        const { shape, dtype } = x;
        const numbers = view(x);
        const Kind = dtype === "int32" ? Int32Array : Float32Array;
        return (): NDArray => ({ shape, dtype, data: new Kind(numbers) });
      }) as Tree<() => NDArray>,
    );
  };
  for (const x of planned.leaves)
    if (x.op === "constant") view(x).set((x.attrs as ConstantAttrs).data);

  const feeds = feeder(inputsIn);
  const lay = feeds.places.map((place, i) => inputPlace(place, view(fed[i]!), bytes));
  const schedules = planned.leaves
    .filter((x) => x.op === "schedule")
    .map((x) => {
      const at = fed.indexOf(x.inputs[0]!);
      if (at < 0)
        throw new Error(
          "compile: expected a schedule of one of the step's inputs, got one of a value " +
            "computed in the step; a schedule is evaluated before the step runs",
        );
      return { x, of: (x.attrs as ScheduleAttrs).of, step: view(fed[at]!), to: view(x) };
    });
  const undo =
    word &&
    first &&
    undoing({
      words: new Int32Array(buffer, view(word).byteOffset, 3),
      first: new Int32Array(buffer, view(first).byteOffset, 2),
      schedules: schedules.map(({ x, to }) => ({
        value: to,
        notNegative: bounds.notNegative.has(x),
      })),
      states: changed.map((change, i) => ({
        now: view(change.before),
        kept: view(change.before, planned.copies[i]!),
        notNegative: bounds.notNegative.has(change.before),
      })),
      tame: bounds.tame,
    });
  const stateViews = before.map((x) => view(x));
  const copyOfState = copies(start, before);
  const copyOfOutputs = copies(recorded.outputs, outputs);
  // All of a state is looked at before any of it is taken.
  const take = (name: string, state: S): void => {
    const arrays = checkedState(name, start, state);
    region.use();
    arrays.forEach((array, i) => stateViews[i]!.set(array.data));
    undo?.loaded();
  };
  take("compile", start);

  const feed = (given: Leaves<I, Feed>): void => {
    region.use();
    feeds.each(given, (_, one, i) => lay[i]!(one));
    for (const { of, step, to } of schedules) to[0] = of(step[0]!);
  };

  return {
    plan: planned,
    step(feeds) {
      feed(feeds);
      undo?.begin();
      attempt(run);
      undo?.end();
      const made = copyOfOutputs() as Leaves<O, NDArray>;
      undo?.putBack();
      return made;
    },
    profile(feeds, times = 20) {
      feed(feeds);
      const best = calls.map(() => Infinity);
      for (let i = 0; i < times; i++)
        calls.forEach((call, k) => {
          const began = performance.now();
          attempt(call);
          best[k] = Math.min(best[k]!, performance.now() - began);
        });
      return planned.steps.map(({ label, kernel, fused, operands }, k) => ({
        label,
        fused,
        kernel: kernel.key,
        workItems: kernel.workItems,
        flops: kernel.flops,
        bytes: operands.reduce((sum, { bytes }) => sum + bytes, 0),
        milliseconds: best[k]!,
      }));
    },
    state() {
      region.use();
      return copyOfState() as S;
    },
    load: (state) => take("load", state),
  };
}

/**
 * A tree of what the functions of another give. After the kernels of a step, caches are full of
 * other things: W3's outputs take some 40 µs so, and 60 through `mapLeaves`.
 */
function called(tree: Tree<() => NDArray>): () => Tree<NDArray> {
  if (typeof tree === "function") return tree;
  const branches = Object.entries(tree).map(([key, branch]) => ({ key, make: called(branch) }));
  return () => {
    const made: Record<string, Tree<NDArray>> = {};
    for (const { key, make } of branches) {
      // Set, this one name would give the object another prototype.
      if (key === "__proto__")
        Object.defineProperty(made, key, {
          value: make(),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else made[key] = make();
    }
    return made;
  };
}

/** What a step is to run on. */
interface Machine extends Machinery {
  readonly threads: number;
  readonly features: TargetFeatures;
}

interface Instance {
  /** Where the program lies: its plan's offsets count from there. */
  readonly region: Region;
  readonly bytes: Bytes;
  readonly run: () => void;
  /** Each kernel alone. */
  readonly calls: readonly (() => void)[];
}

/**
 * One module for the whole step: every kernel once, a function that runs them in order, and one for
 * each call alone.
 */
function instantiate(planned: Plan, { threads, features, room, help }: Machine): Instance {
  const { steps, offsets, scratch, scratchBytes, bytes } = planned;
  const phases = phasesOf(steps, threads);
  const together = threads > 1 && worthSharing(phases);
  const words = scratch + scratchBytes * (together ? threads : 1);
  const palette = aligned(together ? words + wordsBytes(phases, threads) : bytes);
  const needed = palette + roomForPalette;
  const region = room.take(needed);
  const { memory, at } = region;

  const builder = moduleBuilder({
    pages: memory.buffer.byteLength / 65536,
    shared: threads > 1,
    features,
    report: at,
  });
  const emitted = steps.map(({ kernel, operands }) => ({
    kernel,
    of: builder.once(`kernel ${kernel.key}`, () => kernel.emit(builder)),
    pointers: operands.map((buffer) => at + offsets.get(buffer)!),
  }));
  const callOf = (
    f: FunctionBuilder,
    step: number,
    own: Index = at + scratch,
    [begin, end]: readonly [Index, Index] = [0, emitted[step]!.kernel.workItems],
  ): void => {
    const { of, kernel, pointers } = emitted[step]!;
    f.call(of, ...pointers, ...(kernel.scratch > 0 ? [own] : []), begin, end);
  };
  steps.forEach((_, i) =>
    builder.expose(
      `${i}`,
      builder.func(`call ${i}`, [], (f) => callOf(f, i)),
    ),
  );
  builder.expose(
    "run",
    together
      ? shared(builder, at + words, phases, threads, callOf)
      : builder.func("run", [], (f) => steps.forEach((_, i) => callOf(f, i))),
  );
  builder.expose("fromBytes", fromBytes(builder));
  const module = new WebAssembly.Module(builder.toBytes());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const of = (name: string): ((...args: number[]) => void) =>
    exports[name] as (...args: number[]) => void;
  const numbers: Bytes["numbers"] = (to, count, size) =>
    of("fromBytes")(to, count, at + palette, size);
  const program = {
    id: region.id,
    module,
    memory,
    at: at + words,
    scratch: at + scratch,
    scratchBytes,
    bytes: region.bytes,
  };
  return {
    region,
    calls: steps.map((_, i) => of(`${i}`)),
    bytes: { palette: new Float32Array(memory.buffer, at + palette, roomForPalette / 4), numbers },
    run: together ? inParallel(program, of("run"), phases, help()) : of("run"),
  };
}
