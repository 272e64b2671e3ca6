import { i32, index, type FunctionBuilder, type I32, type Index, type Local } from "@tenon/emit";
import type { Axis, Look } from "./depthwiseTiles.js";

/** What is seen of each source, in the order of sources. */
export function bySource(looks: readonly Look[]): ReadonlyMap<number, readonly Look[]> {
  const map = new Map<number, Look[]>();
  for (const look of looks) map.set(look.source, [...(map.get(look.source) ?? []), look]);
  return map;
}

/**
 * Channels cut into blocks of so many, a multiple of four: how many blocks, and where in bytes each
 * begins and ends. Those that fill no vector come with the last.
 */
export function channelBlocks(
  channels: number,
  perBlock: number,
): { readonly count: number; from(block: Index): I32; until(block: Index): I32 } {
  const whole = 4 * (channels - (channels % 4));
  const bytes = 4 * perBlock;
  const count = Math.max(1, Math.ceil(whole / bytes));
  return {
    count,
    from: (block) => i32.mul(block, bytes),
    until: (block) =>
      i32.select(i32.ltS(block, count - 1), i32.mul(i32.add(block, 1), bytes), i32.const(whole)),
  };
}

/** What stays in the second cache together with the rest, in bytes. */
const cacheBytes = 256 * 1024;

/**
 * How many rows of outputs are fetched at a time, with what they see: so many bytes for each row,
 * so many in all.
 */
export const rowsFetched = (rowBytes: number, allBytes: number): number | undefined =>
  allBytes > 4 * cacheBytes ? Math.max(1, Math.floor(cacheBytes / rowBytes)) : undefined;

/**
 * Emits code that reads bytes in order, one number of each line of the cache, for nothing but that
 * they come. Direct kernels look at many rows and columns at once, which the processor does not
 * foresee; an array read from front to back it does.
 */
export function fetch(f: FunctionBuilder, from: Index, bytes: number, end: Index): void {
  const at = f.local("i32");
  const until = f.local("i32", i32.add(from, bytes));
  const last = f.local("i32", index(end));
  f.if(i32.gtU(until, last), () => f.set(until, last));
  f.loop(at, from, until, 64, () => f.drop(i32.load(at)));
}

/**
 * Emits a search for the first tap through which an output sees something, what that is, and how
 * many such taps there are.
 */
export function tapsSeen(
  f: FunctionBuilder,
  { step, offset, tap, divisor, taps, sources }: Axis,
  output: I32,
): { readonly tap: Local<"i32">; readonly source: Local<"i32">; readonly count: Local<"i32"> } {
  const at = f.local("i32");
  const k = f.local("i32");
  const first = f.local("i32");
  const source = f.local("i32");
  const count = f.local("i32");
  f.set(at, i32.add(i32.mul(output, step), offset));
  f.set(count, 0);
  f.set(source, 0);
  f.set(first, 0);
  f.loop(k, 0, taps, 1, () => {
    // What lies before the first source is a very large number without a sign.
    const there = i32.ltU(at, divisor * sources);
    f.if(divisor === 1 ? there : i32.and(there, i32.eqz(i32.remU(at, divisor))), () => {
      f.if(i32.eqz(count), () => {
        f.set(first, k);
        f.set(source, i32.divU(at, divisor));
      });
      f.bump(count, 1);
    });
    f.bump(at, tap);
  });
  return { tap: first, source, count };
}
