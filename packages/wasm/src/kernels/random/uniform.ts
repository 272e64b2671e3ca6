import type { FunctionBuilder, I32, Local, ModuleBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { threefryRotations, type UniformSpec } from "@tenon/plan";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";

/** Elements that a work item draws in each half of the array. */
const itemElements: number = workItemElements / 2;

/** Vectors of counters that are drawn with at a time: as many as registers hold. */
const vectorsAtOnce = ({ features }: ModuleBuilder): number => (features.vectors256 ? 8 : 4);

const rounds = 20;

/**
 * Uniform elements in [0, 1): Threefry-2×32 in 20 rounds with key (seed, step) and counter (index,
 * stream), four counters at a time. The first word of counter i is element i, the second element
 * ⌈length/2⌉ + i. Pointers: out, seed, step. Salmon et al. (2011), Parallel random numbers: as easy
 * as 1, 2, 3.
 */
export function uniform({ length, stream }: UniformSpec): Kernel {
  const half = Math.ceil(length / 2);
  return kernelOf(
    {
      key: `uniform ${length} ${stream}`,
      pointers: 3,
      workItems: Math.ceil(half / itemElements),
      flops: 45 * half, // integer operations: twenty rounds of five, for two draws
    },
    (f, [out, seed, step], { begin, end }, module) => {
      const draw = threefry(f, { seed, step, stream });
      const first = f.local("address");
      const second = f.local("address");
      /**
       * Draws with `count` vectors of counters from `i` on; their rounds are interleaved, since
       * each waits for the one before. V8 joins two vectors only if both are stored at one local.
       */
      const drawVectors = (i: I32, count: number): void => {
        f.set(first, i32.add(out, i32.shl(i, 2)));
        f.set(second, i32.add(first, 4 * half));
        f.interleave(
          Array.from({ length: count }, (_, k) => () => {
            const words = draw(i, 4 * k);
            f.store("v128", first, words.first, 16 * k);
            f.store("v128", second, words.second, 16 * k);
          }),
        );
      };
      // Work items begin at multiples of what is drawn at once; only the last one may end
      // elsewhere.
      const atOnce = 4 * vectorsAtOnce(module);
      const pairs = length - half;
      const whole = pairs - (pairs % atOnce);
      const to = f.min(i32.mul(end, itemElements), half);
      const from = f.let(i32.mul(begin, itemElements));
      const until = f.min(to, whole);
      f.for(from, until, atOnce, (i) => drawVectors(i, atOnce / 4));
      if (half === whole) return;
      f.if(i32.and(i32.eq(to, half), i32.ltS(from, to)), () => {
        for (let i = whole; i < half; i += 4)
          if (i + 4 <= pairs) drawVectors(i32.const(i), 1);
          else storeLast(f, out, draw(i32.const(i), 0), { i, half, length });
      });
    },
  );
}

interface Words {
  readonly first: V128;
  readonly second: V128;
}

/**
 * Emits the keys; the result emits draws with the four counters from `i + ahead` on, as elements in
 * [0, 1).
 */
function threefry(
  f: FunctionBuilder,
  {
    seed,
    step,
    stream,
  }: { readonly seed: Local<"address">; readonly step: Local<"address">; readonly stream: number },
): (i: I32, ahead: number) => Words {
  const k0 = f.let(v128.loadSplat(seed));
  const k1 = f.let(v128.loadSplat(step));
  const k2 = f.let(v128.xor(v128.xor(k0, k1), i32x4.const(0x1bd11bda)));
  const keys = [k0, k1, k2];
  const rotate = (x: V128, by: number): V128 => v128.or(i32x4.shl(x, by), i32x4.shrU(x, 32 - by));
  return (i, ahead) => {
    const counters = i32x4.add(i32x4.splat(i), i32x4.lanes(ahead, ahead + 1, ahead + 2, ahead + 3));
    const a = f.let(i32x4.add(counters, k0));
    const b = f.let(i32x4.add(i32x4.const(stream), k1));
    for (let round = 0; round < rounds; round++) {
      f.set(a, i32x4.add(a, b));
      f.set(b, v128.xor(rotate(b, threefryRotations[round % 8]!), a));
      if (round % 4 < 3) continue;
      const injection = (round + 1) / 4;
      f.set(a, i32x4.add(a, keys[injection % 3]!));
      f.set(b, i32x4.add(i32x4.add(b, keys[(injection + 1) % 3]!), i32x4.const(injection)));
    }
    return { first: f.let(unitInterval(a)), second: f.let(unitInterval(b)) };
  };
}

/** The upper 24 bits of each word as a fraction. */
const unitInterval = (bits: V128): V128 =>
  f32x4.mul(f32x4.convert(i32x4.shrU(bits, 8)), f32x4.const(2 ** -24));

/** Emits the stores of the last up to four elements of each half; the second may have one fewer. */
function storeLast(
  f: FunctionBuilder,
  out: Local<"address">,
  { first, second }: Words,
  { i, half, length }: { readonly i: number; readonly half: number; readonly length: number },
): void {
  for (let lane = 0; i + lane < half; lane++) {
    f.storeLane(out, lane, first, 4 * (i + lane));
    if (half + i + lane < length) f.storeLane(out, lane, second, 4 * (half + i + lane));
  }
}
