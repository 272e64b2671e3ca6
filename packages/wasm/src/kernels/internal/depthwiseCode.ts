import { f32x4, i32, type FunctionBuilder, type I32, type Index, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import type { Axis, Look } from "./depthwiseTiles.js";

/** sum + a · b, in one instruction where that is allowed. */
export const multiplyAdd = ({ dialect }: ModuleBuilder, sum: V128, a: V128, b: V128): V128 => (dialect.relaxed ? f32x4.relaxedMadd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b)));

/** What is seen of each source, in the order of sources. */
export function bySource(looks: readonly Look[]): ReadonlyMap<number, readonly Look[]> {
  const map = new Map<number, Look[]>();
  for (const look of looks) map.set(look.source, [...(map.get(look.source) ?? []), look]);
  return map;
}

/** Channels for whom code is emitted. */
interface Vectors {
  /** Bytes from the first channel. */
  readonly channel: Index;
  /** How many there are in a vector. */
  readonly lanes: number;
  /** Emits the code of each vector, statement by statement side by side if there are two; offsets get its shift. Loops must lie outside. */
  all<T>(code: (shift: number, vector: number) => T): T[];
}

/** Emits code for all channels: four at a time, or twice four side by side, and then those left. Between `from` and `until`, in bytes, if given. */
export function eachVectors(f: FunctionBuilder, { dialect }: ModuleBuilder, channels: number, visit: (vectors: Vectors) => void, range?: { readonly from: Index; readonly until: Index }): void {
  const whole = channels - (channels % 4), pairs = dialect.wide ? channels - (channels % 8) : 0, channel = f.local("i32");
  const { from, until } = range ?? { from: 0, until: 4 * whole };
  const some = (from: Index, until: Index, vectors: number): void => f.loop(channel, from, until, 16 * vectors, () => visit({
    channel, lanes: 4,
    all(code) {
      const made: ReturnType<typeof code>[] = [];
      f.interleave(Array.from({ length: vectors }, (_, k) => () => { made.push(code(16 * k, k)); }));
      return made;
    },
  }));
  void pairs;
  some(from, until, 1);
  if (channels > whole) visit({ channel: 4 * whole, lanes: channels - whole, all: (code) => [code(0, 0)] });
}

/** Emits a search for the first tap through which an output sees something, what that is, and how many such taps there are. */
export function tapsSeen(f: FunctionBuilder, { step, offset, tap, divisor, taps, sources }: Axis, output: I32): { readonly tap: Local<"i32">; readonly source: Local<"i32">; readonly count: Local<"i32"> } {
  const at = f.local("i32"), k = f.local("i32"), first = f.local("i32"), source = f.local("i32"), count = f.local("i32");
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
