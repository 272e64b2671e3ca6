import { chunksOf, isFloat32, type Floats } from "./floats.js";
import type { Loop } from "./loop.js";
import { chunkLength, type Layout } from "./vectorMemory.js";

/**
 * Runs a compiled loop and returns true; or does nothing and returns false, if an array or a scalar
 * does not fit float32.
 */
type Runner = (scalars: Float64Array, arrays: readonly Floats[]) => boolean;

/** An array of a loop that is copied to WebAssembly's memory and back, chunk by chunk. */
interface Copied {
  /** The index of its pointer. */
  readonly pointer: number;
  readonly array: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** The copy of a whole chunk, and of what is left at the end of the array. */
  readonly chunk: Float32Array;
  readonly remainder: Float32Array;
}

/** An array of a loop that is in WebAssembly's memory. */
interface Resident {
  readonly pointer: number;
  readonly address: number;
}

/** Gives functions that run loops on the memory of a module. */
export function loopRunners(
  buffer: ArrayBuffer,
  layout: Layout,
): (loop: Loop, compiled: (n: number) => void) => Runner {
  const pointers = new Int32Array(buffer);
  const float64 = new Float64Array(buffer);
  const setScalars = scalarSetter(buffer, layout.frame.scalars);
  const chunks = chunksOf(chunkLength);
  return (loop, compiled) => {
    const { size, sums } = loop;
    const copied = copiedOf(loop, buffer, layout);
    const resident = residentOf(loop, layout);

    function copyIn(arrays: readonly Floats[], start: number): void {
      for (let i = 0; i < copied.length; i++) {
        const { array, reads, chunk } = copied[i]!;
        if (!reads) continue;
        const source = arrays[array]!;
        chunk.set(size <= chunkLength ? source : chunks(source)[start / chunkLength]!);
      }
    }
    function copyOut(arrays: readonly Floats[], start: number, n: number): void {
      for (let i = 0; i < copied.length; i++) {
        const { array, writes, chunk, remainder } = copied[i]!;
        if (writes) arrays[array]!.set(n === chunk.length ? chunk : remainder, start);
      }
    }
    function addSums(scalars: Float64Array): void {
      for (let i = 0; i < sums.length; i++) {
        const lane = (layout.frame.sums + 16 * i) / 8;
        scalars[sums[i]!]! += float64[lane]! + float64[lane + 1]!;
      }
    }

    return (scalars, arrays) => {
      for (let i = 0; i < copied.length; i++)
        if (!isFloat32(arrays[copied[i]!.array]!)) return false;
      if (!setScalars(loop, scalars)) return false;
      for (let i = 0; i < copied.length; i++)
        pointers[copied[i]!.pointer] = copied[i]!.chunk.byteOffset;
      for (let start = 0; start < size; start += chunkLength) {
        const n = Math.min(chunkLength, size - start);
        copyIn(arrays, start);
        for (let i = 0; i < resident.length; i++)
          pointers[resident[i]!.pointer] = resident[i]!.address + 4 * start;
        compiled(n);
        copyOut(arrays, start, n);
        addSums(scalars);
      }
      return true;
    };
  };
}

function copiedOf(loop: Loop, buffer: ArrayBuffer, layout: Layout): Copied[] {
  const copied: Copied[] = [];
  loop.arrays.forEach((array, pointer) => {
    if (layout.resident.has(array)) return;
    const address = layout.copies + layout.copyBytes * copied.length;
    copied.push({
      pointer,
      array,
      reads: loop.reads.has(array),
      writes: loop.writes.has(array),
      chunk: new Float32Array(buffer, address, Math.min(chunkLength, loop.size)),
      remainder: new Float32Array(buffer, address, loop.size % chunkLength),
    });
  });
  return copied;
}

function residentOf({ arrays }: Loop, { resident }: Layout): Resident[] {
  return arrays.flatMap((array, pointer) => {
    const address = resident.get(array);
    return address === undefined ? [] : [{ pointer, address }];
  });
}

/**
 * Gives a function that writes a loop's scalars into the frame, one in all lanes, and returns
 * whether they fit: float64 where there are sums, else float32.
 */
function scalarSetter(
  buffer: ArrayBuffer,
  address: number,
): (loop: Loop, scalars: Float64Array) => boolean {
  const float32 = new Float32Array(buffer, address);
  const float64 = new Float64Array(buffer, address);
  return ({ scalars, sums }, values) => {
    for (let i = 0; i < scalars.length; i++) {
      const value = values[scalars[i]!]!;
      if (sums.length > 0) float64[2 * i] = float64[2 * i + 1] = value;
      else if (!fitsFloat32(value)) return false;
      else for (let lane = 0; lane < 4; lane++) float32[4 * i + lane] = value;
    }
    return true;
  };
}

/**
 * Whether float32 represents a value with full precision: it is neither too large nor subnormal.
 */
function fitsFloat32(x: number): boolean {
  const size = Math.abs(x);
  return (
    (size >= 1.1754943508222875e-38 && size <= 3.4028234663852886e38) ||
    size === 0 ||
    size === Infinity ||
    Number.isNaN(x)
  );
}
