import { f32x4, i32, i32x4, v128, type ModuleBuilder, type V128 } from "@tenon/emit";
import { workItemElements } from "../../machine.js";
import { keep } from "../../math/float32.js";
import type { Kernel } from "../kernel.js";

export interface UniformSpec {
  readonly length: number;
  /** Tells apart the draws of one step (int32). */
  readonly stream: number;
}

/** Elements that a work item draws in each half of the array. */
const item = workItemElements / 2;
/** Fours of counters that are drawn with side by side: as many as registers hold. */
const sideBySide = ({ features }: ModuleBuilder): number => (features.vectors256 ? 8 : 4);

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Uniform numbers in [0, 1): Threefry-2×32 in 20 rounds with key (seed, step) and counter (index,
 * stream), four counters at a time. The first word of counter i is element i, the second element
 * ⌈length/2⌉ + i. Pointers: out, seed, step.
 */
export function uniform({ length, stream }: UniformSpec): Kernel {
  const half = Math.ceil(length / 2);
  return {
    key: `uniform ${length} ${stream}`,
    pointers: 3,
    workItems: Math.ceil(half / item),
    scratch: 0,
    flops: 45 * half, // of whole numbers: twenty rounds of five, for two draws
    emit: (module) =>
      module.func(
        "uniform",
        ["i32", "i32", "i32", "i32", "i32"],
        (f, out, seed, step, begin, end) => {
          const k0 = keep(f, v128.loadSplat(seed!));
          const k1 = keep(f, v128.loadSplat(step!));
          const k2 = keep(f, v128.xor(v128.xor(k0, k1), i32x4.const(0x1bd11bda)));
          const keys = [k0, k1, k2];
          const i = f.local("i32");
          const to = f.local("i32", i32.mul(end!, item));
          f.if(i32.gtS(to, half), () => f.set(to, half));
          const rotate = (x: V128, by: number): V128 =>
            v128.or(i32x4.shl(x, by), i32x4.shrU(x, 32 - by));
          const number = (bits: V128): V128 =>
            f32x4.mul(f32x4.convert(i32x4.shrU(bits, 8)), f32x4.const(2 ** -24));
          /** Draws with four counters from i + ahead on. */
          const draw = (ahead: number): { readonly a: V128; readonly b: V128 } => {
            const a = keep(
              f,
              i32x4.add(
                i32x4.add(i32x4.splat(i), i32x4.lanes(ahead, ahead + 1, ahead + 2, ahead + 3)),
                k0,
              ),
            );
            const b = keep(f, i32x4.add(i32x4.const(stream), k1));
            for (let round = 0; round < 20; round++) {
              f.set(a, i32x4.add(a, b));
              f.set(b, v128.xor(rotate(b, rotations[round % 8]!), a));
              if (round % 4 < 3) continue;
              const s = (round + 1) / 4;
              f.set(a, i32x4.add(a, keys[s % 3]!));
              f.set(b, i32x4.add(i32x4.add(b, keys[(s + 1) % 3]!), i32x4.const(s)));
            }
            return { a: keep(f, number(a)), b: keep(f, number(b)) };
          };
          const first = f.local("i32");
          const second = f.local("i32");
          /**
           * Some counters from i on, fours of them side by side, since every round waits for the
           * one before. Places: V8 makes two vectors one only if both are stored at one local.
           */
          const fours = (count: number): void => {
            f.set(first, i32.add(out!, i32.shl(i, 2)));
            f.set(second, i32.add(first, 4 * half));
            f.interleave(
              Array.from({ length: count }, (_, k) => () => {
                const { a, b } = draw(4 * k);
                f.store("v128", first, a, 16 * k);
                f.store("v128", second, b, 16 * k);
              }),
            );
          };
          // Work items begin at multiples of what is drawn at once; only the last one may end
          // elsewhere.
          const atOnce = sideBySide(module);
          const from = f.local("i32", i32.mul(begin!, item));
          const whole = length - half - ((length - half) % (4 * atOnce));
          const until = f.local("i32", to);
          f.if(i32.gtS(until, whole), () => f.set(until, whole));
          f.loop(i, from, until, 4 * atOnce, () => fours(atOnce));
          // The last draws, of which the second half may have one less.
          if (half > whole)
            f.if(i32.and(i32.eq(to, half), i32.ltS(from, to)), () => {
              for (let at = whole; at < half; at += 4) {
                f.set(i, at);
                if (at + 4 <= length - half) fours(1);
                else {
                  f.set(first, i32.add(out!, 4 * at));
                  const { a, b } = draw(0);
                  for (let lane = 0; at + lane < half; lane++) {
                    f.storeLane(first, lane, a, 4 * lane);
                    if (half + at + lane < length) f.storeLane(first, lane, b, 4 * (half + lane));
                  }
                }
              }
            });
        },
      ),
  };
}
