import { moduleBuilder } from "@tenon/emit";
import type { Floats } from "./interpret.js";
import type { Loop, Plan } from "./plan.js";
import { stepsOf, type Steps } from "./steps.js";
import { emitVectors, turn } from "./vectorCode.js";

/** Does loops of a plan as WebAssembly. */
export interface Vectors {
  /** The plan's arrays; those that were given away are in WebAssembly's memory now. */
  readonly arrays: readonly Floats[];
  /**
   * Does one of the plan's loops and says true; or does nothing and says false, where numbers are
   * not for float32.
   */
  run(loop: Loop, scalars: Float64Array, memory: readonly Floats[]): boolean;
}

/**
 * So many numbers of an array are copied to WebAssembly's memory at a time: they are still in the
 * cache when they are read, and written.
 */
const chunk = 16384;
/** Shorter arrays are done before a call and its copies are. */
const least = 48;
const page = 65536;

/**
 * A loop with where its arrays are. `staged` are copied in and out; `kept` lie in WebAssembly's
 * memory.
 */
interface Prepared extends Steps {
  readonly size: number;
  readonly run: (n: number) => void;
  readonly staged: readonly {
    readonly pointer: number;
    readonly array: number;
    readonly reads: boolean;
    readonly writes: boolean;
    readonly room: Float32Array;
    readonly rest: Float32Array;
  }[];
  readonly kept: readonly { readonly pointer: number; readonly base: number }[];
}

/**
 * Compiles the loops of a plan that are long enough, over arrays of float32 alone, without
 * repetition along axes. What it computes is rounded to float32 after each operation, but sums are
 * float64.
 *
 * @param given arrays from this one on are given away: their numbers move to WebAssembly's memory
 * @returns undefined if there is nothing to compile, or where WebAssembly or its vectors may not be
 *   used
 */
export function vectors(
  { stages }: Plan,
  arrays: readonly Floats[],
  given: number,
): Vectors | undefined {
  const found = stages.flatMap(({ loops }) =>
    loops.flatMap((loop): (readonly [Loop, Steps])[] => {
      const read = loop.size >= least ? stepsOf(loop.code) : undefined;
      return read?.arrays.every((array) => arrays[array] && isSingle(arrays[array]))
        ? [[loop, read]]
        : [];
    }),
  );
  if (found.length === 0) return undefined;

  const most = (count: (loop: Steps) => number): number =>
    Math.max(0, ...found.map(([, loop]) => count(loop)));
  const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  const behind = (numbers: number): number => aligned(4 * (numbers + turn));
  const frame = { scalars: aligned(4 * most((loop) => loop.arrays.length)), sums: 0 };
  frame.sums = frame.scalars + 16 * most((loop) => loop.scalars.length);
  const room = behind(Math.min(chunk, Math.max(...found.map(([{ size }]) => size))));
  const rooms = aligned(frame.sums + 16 * most((loop) => loop.sums.length));
  let bytes = rooms + room * most((loop) => loop.arrays.filter((array) => array < given).length);
  const bases = new Map<number, number>();
  for (const array of new Set(found.flatMap(([, loop]) => loop.arrays))) {
    if (array < given) continue;
    bases.set(array, bytes);
    bytes += behind(arrays[array]!.length);
  }

  const compiled = compile(
    found.map(([, loop]) => loop),
    frame,
    Math.ceil(bytes / page),
  );
  if (!compiled) return undefined;
  const { buffer } = compiled.memory;
  const pointers = new Int32Array(buffer);
  const singles = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  const moved = arrays.map((array, i) => {
    const base = bases.get(i);
    if (base === undefined) return array;
    const view = new Float32Array(buffer, base, array.length);
    view.set(array);
    return view;
  });
  const prepared = new Map(
    found.map(([loop, read], at): [Loop, Prepared] => {
      let staged = 0;
      return [
        loop,
        {
          ...read,
          size: loop.size,
          run: compiled.functions[at]!,
          staged: read.arrays.flatMap((array, pointer) => {
            if (array >= given) return [];
            const base = rooms + room * staged++;
            const view = (length: number): Float32Array => new Float32Array(buffer, base, length);
            return [
              {
                pointer,
                array,
                reads: read.reads.has(array),
                writes: read.writes.has(array),
                room: view(Math.min(chunk, loop.size)),
                rest: view(loop.size % chunk),
              },
            ];
          }),
          kept: read.arrays.flatMap((array, pointer) =>
            array < given ? [] : [{ pointer, base: bases.get(array)! }],
          ),
        },
      ];
    }),
  );
  const parts = new WeakMap<Floats, readonly Floats[]>();
  /** Part of an array; made once, so that a step over the same arrays allocates nothing. */
  function part(array: Floats, at: number): Floats {
    let all = parts.get(array);
    if (!all) {
      all = Array.from({ length: Math.ceil(array.length / chunk) }, (_, i) =>
        array.subarray(i * chunk, (i + 1) * chunk),
      );
      parts.set(array, all);
    }
    return all[at / chunk]!;
  }

  return {
    arrays: moved,
    run(loop, s, memory) {
      const one = prepared.get(loop);
      if (!one) return false;
      const { size, scalars, sums, staged, kept } = one;
      const double = sums.length > 0;
      for (let i = 0; i < staged.length; i++)
        if (!isSingle(memory[staged[i]!.array]!)) return false;
      for (let i = 0; i < scalars.length; i++) {
        const x = s[scalars[i]!]!;
        const at = frame.scalars + 16 * i;
        if (double) doubles[at / 8] = doubles[at / 8 + 1] = x;
        else if (!holds(x)) return false;
        else for (let lane = 0; lane < 4; lane++) singles[at / 4 + lane] = x;
      }
      for (let i = 0; i < staged.length; i++)
        pointers[staged[i]!.pointer] = staged[i]!.room.byteOffset;
      for (let at = 0; at < size; at += chunk) {
        const n = Math.min(chunk, size - at);
        for (let i = 0; i < staged.length; i++) {
          const { array, reads, room: to } = staged[i]!;
          if (reads) to.set(size === n ? memory[array]! : part(memory[array]!, at));
        }
        for (let i = 0; i < kept.length; i++) pointers[kept[i]!.pointer] = kept[i]!.base + 4 * at;
        one.run(n);
        for (let i = 0; i < staged.length; i++) {
          const { array, writes, room: from, rest } = staged[i]!;
          if (writes) memory[array]!.set(n === from.length ? from : rest, at);
        }
        for (let i = 0; i < sums.length; i++)
          s[sums[i]!]! +=
            doubles[(frame.sums + 16 * i) / 8]! + doubles[(frame.sums + 16 * i) / 8 + 1]!;
      }
      return true;
    },
  };
}

const isSingle = (array: Floats): boolean => array.BYTES_PER_ELEMENT === 4;

/**
 * Whether float32 has a number as good as this one: it is not too large, nor so small that digits
 * are lost.
 */
function holds(x: number): boolean {
  const size = Math.abs(x);
  return (
    (size >= 1.1754943508222875e-38 && size <= 3.4028234663852886e38) ||
    size === 0 ||
    size === Infinity ||
    x !== x
  );
}

/**
 * The functions of loops and the memory that they share; undefined where that may not be, whatever
 * the reason: the interpreter does it too.
 */
function compile(
  loops: readonly Steps[],
  frame: { readonly scalars: number; readonly sums: number },
  pages: number,
):
  | { readonly memory: WebAssembly.Memory; readonly functions: readonly ((n: number) => void)[] }
  | undefined {
  const module = moduleBuilder({ pages: 1 });
  for (const loop of loops)
    module.once(loop.key, () => {
      const made = emitVectors(module, loop, frame);
      module.expose(loop.key, made);
      return made;
    });
  try {
    const code = new WebAssembly.Module(module.toBytes());
    const memory = new WebAssembly.Memory({ initial: pages });
    const { exports } = new WebAssembly.Instance(code, { env: { memory } });
    return { memory, functions: loops.map(({ key }) => exports[key] as (n: number) => void) };
  } catch {
    return undefined;
  }
}
