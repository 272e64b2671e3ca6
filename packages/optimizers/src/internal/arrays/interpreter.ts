import { kernels } from "./compiled.js";
import { chunksOf, type Floats } from "./floats.js";
import type { Compiled, Instruction, Loop } from "./loop.js";
import type { Plan, ScalarStep, WholeStep } from "./plan.js";
import type { Vectors } from "./vectors.js";

/**
 * Runs a plan on arrays, which may be replaced between runs (`arrays[i] = other`, of float32 or
 * float64).
 */
export interface Interpreter {
  readonly arrays: Floats[];
  /** @param step the step that the clock shows */
  run(step: number): void;
}

/** Loops compiled ahead of time, by key. */
export type CompiledLoops = Readonly<Record<string, Compiled>>;

/** How many elements go through a loop at a time: the registers stay in the L1 cache. */
const chunkLength = 512;

/** The memory of a plan. */
interface Memory {
  readonly scalars: Float64Array;
  /** The plan's arrays, then its buffers. */
  readonly arrays: Floats[];
  readonly registers: readonly Floats[];
  readonly indices: readonly Int32Array[];
  /** The chunks of an array. */
  readonly chunks: (array: Floats) => readonly Floats[];
}

/**
 * Interprets a plan. Arithmetic is float64; only what is stored in a Float32Array is rounded, once.
 * Of a loop that is not compiled each instruction runs over a chunk of the arrays before the next
 * one does.
 *
 * @param vectors runs the loops that it can, in its own arithmetic
 */
export function interpreter(
  { stages, scalars: count, registers, buffers, indices, scalarStores }: Plan,
  arrays: readonly Floats[],
  compiled: CompiledLoops,
  vectors?: Vectors,
): Interpreter {
  const between = buffers.map((size) => new Float64Array(size));
  const memory: Memory = {
    scalars: new Float64Array(count),
    arrays: [...arrays, ...between],
    registers: Array.from({ length: registers }, () => new Float64Array(chunkLength)),
    indices,
    chunks: chunksOf(chunkLength),
  };
  const { scalars } = memory;
  const initial = initialScalars(
    stages.flatMap((stage) => stage.scalars),
    count,
  );
  const steps = stages.flatMap((stage) => [
    ...stage.wholes.map((step) => wholeRunner(step, memory)),
    ...stage.scalars.flatMap((step) => scalarRunner(step, memory)),
    ...stage.loops.map((loop) => loopRunner(loop, memory, compiled, vectors)),
  ]);
  return {
    arrays: memory.arrays,
    run(step) {
      for (let i = 0; i < count; i++) scalars[i] = initial[i]!; // too few for `set` to be faster
      for (let i = 0; i < between.length; i++) between[i]!.fill(0);
      for (let i = 0; i < steps.length; i++) steps[i]!(step);
      for (let i = 0; i < scalarStores.length; i++) {
        const { scalar, array } = scalarStores[i]!;
        memory.arrays[array]![0] = scalars[scalar]!;
      }
    },
  };
}

/** The scalars when a run begins: constants, and zeros for sums to start from. */
function initialScalars(steps: readonly ScalarStep[], count: number): Float64Array {
  const scalars = new Float64Array(count);
  scalars[1] = 1;
  for (const step of steps) if (step.name === "constant") scalars[step.out] = step.value;
  return scalars;
}

/** A part of a run, at a step. */
type Runner = (step: number) => void;

function scalarRunner(scalar: ScalarStep, { scalars, arrays }: Memory): Runner[] {
  const { out } = scalar;
  if (scalar.name === "constant") return [];
  if (scalar.name === "array") {
    const { index } = scalar;
    return [() => void (scalars[out] = arrays[index]![0]!)];
  }
  if (scalar.name === "clock") {
    const { schedule } = scalar;
    if (typeof schedule === "number") return [() => void (scalars[out] = schedule)];
    return [(step) => void (scalars[out] = schedule(step))];
  }
  // The kernels run on arrays, so each scalar is one, of one element.
  const places = [out, ...scalar.operands].map((i) => scalars.subarray(i, i + 1));
  const kernel = kernels[scalar.name];
  const binding = { arrays: places.map((_, i) => i), scalars: [], sums: [] };
  return [() => kernel(places, binding, scalars, 1)];
}

function wholeRunner({ compute, out, operands }: WholeStep, memory: Memory): Runner {
  const places = [out, ...operands].map((place) =>
    place < 0 ? memory.arrays[~place]! : memory.scalars.subarray(place, place + 1),
  );
  return () => compute(places[0]!, ...places.slice(1));
}

function loopRunner(
  loop: Loop,
  memory: Memory,
  compiled: CompiledLoops,
  vectors: Vectors | undefined,
): Runner {
  const { scalars, arrays } = memory;
  const whole = loop.key === undefined ? undefined : compiled[loop.key];
  const run = whole ? () => whole(arrays, loop, scalars, loop.size) : chunkwise(loop, memory);
  return vectors ? () => void (vectors.run(loop, scalars, arrays) || run()) : run;
}

/** Runs all instructions over one chunk of a loop's arrays, then over the next. */
function chunkwise(loop: Loop, memory: Memory): () => void {
  const { arrays, size } = loop;
  /** The current chunk of each array, then the registers. */
  const places: Floats[] = [...arrays.map((array) => memory.arrays[array]!), ...memory.registers];
  const runners = loop.instructions.map((instruction) =>
    instructionRunner(instruction, loop, places, memory),
  );
  return () => {
    for (let start = 0; start < size; start += chunkLength) {
      for (let i = 0; i < arrays.length; i++)
        places[i] = memory.chunks(memory.arrays[arrays[i]!]!)[start / chunkLength]!;
      const n = Math.min(chunkLength, size - start);
      for (let i = 0; i < runners.length; i++) runners[i]!(start, n);
    }
  };
}

/** Runs an instruction on the n elements of the loop from `start` on. */
function instructionRunner(
  { name, out, operands, scalars, indexed }: Instruction,
  loop: Loop,
  places: readonly Floats[],
  memory: Memory,
): (start: number, n: number) => void {
  const placeIndex = (place: number): number => (place < 0 ? ~place : loop.arrays.length + place);
  if (indexed) {
    const move = name === "gather" ? gather : scatterAdd;
    const place = placeIndex(name === "gather" ? out : operands[0]!);
    const table = memory.indices[indexed.indices]!;
    return (start, n) => move(places[place]!, memory.arrays[indexed.array]!, table, start, n);
  }
  const kernel = kernels[name as keyof typeof kernels];
  const binding =
    name === "sum"
      ? { arrays: operands.map(placeIndex), scalars: [], sums: [loop.sums[out]!] }
      : {
          arrays: [out, ...operands].map(placeIndex),
          scalars: [0, 1, ...scalars.map((scalar) => loop.scalars[scalar]!)],
          sums: [],
        };
  return (_, n) => kernel(places, binding, memory.scalars, n);
}

/** values[i] = array[indices[start + i]] */
function gather(
  values: Floats,
  array: Floats,
  indices: Int32Array,
  start: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) values[i] = array[indices[start + i]!]!;
}

/** array[indices[start + i]] += values[i] */
function scatterAdd(
  values: Floats,
  array: Floats,
  indices: Int32Array,
  start: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) array[indices[start + i]!]! += values[i]!;
}
