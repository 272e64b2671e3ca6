import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
  type Word,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";

/** Bytes of a channel's palette: a float32 for each of 256 byte values. */
export const paletteBytes = 1024;

const parameters = { to: "address", count: "i32", palette: "address", bytes: "i32" } as const;

/**
 * Emits `(to, count, palette, bytes)`: decodes `count` bytes in place into float32, out[i] =
 * palette[i mod channels][byte i]. The bytes are in the last quarter of the memory for the result
 * at `to`, a multiple of 16. The palette has `bytes` bytes: 256 float32 for each channel.
 *
 * From the first on, no element is written over a byte that is not read yet: element i ends at 4i +
 * 4, and byte i + 1 is at 3 · count + i + 1, which is no less.
 */
export function fromBytes(module: ModuleBuilder): FunctionIndex {
  return module.func("fromBytes", parameters, (f, { to, count, palette, bytes }) => {
    const from = f.let(strided(to, count, 3));
    const end = f.let(i32.add(to, i32.shl(count, 2)));
    const channel = f.local("i32");
    f.if(i32.eq(bytes, paletteBytes), () => decodeVectors(f, { to, from, count, palette }));
    f.until(i32.geU(to, end), () => {
      const entry = paletteEntry(i32.add(palette, channel), i32.shl(i32.loadByte(from), 2));
      f.store("i32", to, i32.load(entry));
      f.bump(to, 4);
      f.bump(from, 1);
      f.bump(channel, paletteBytes);
      f.if(i32.eq(channel, bytes), () => f.set(channel, 0));
    });
  });
}

/** The address of a palette's entry, given four times the byte in the low bits. */
const paletteEntry = (palette: Word, byteTimes4: I32): Word =>
  i32.add(palette, i32.and(byteTimes4, paletteBytes - 4));

interface Decoding {
  readonly to: Local<"address">;
  readonly from: Local<"address">;
  readonly count: Local<"i32">;
  readonly palette: Local<"address">;
}

/**
 * Emits code for the bytes of one channel, sixteen at a time; most of those of an image are often
 * zeros. Leaves the pointers at the bytes that are left.
 */
function decodeVectors(f: FunctionBuilder, { to, from, count, palette }: Decoding): void {
  const zeros = f.local("v128", v128.loadSplat(palette));
  const whole = f.let(i32.add(to, i32.shl(i32.and(count, -16), 2)));
  f.if(i32.ltU(to, whole), () =>
    f.repeat((again) => {
      const sixteen = f.let(v128.load(from));
      f.if(
        v128.any(sixteen),
        () => {
          for (const lane of [0, 1, 2, 3]) {
            const word = f.let(i32x4.lane(sixteen, lane));
            const [a, b, c, d] = [
              i32.shl(word, 2),
              i32.shrU(word, 6),
              i32.shrU(word, 14),
              i32.shrU(word, 22),
            ].map((byteTimes4) => paletteEntry(palette, byteTimes4)) as [Word, Word, Word, Word];
            const ab = v128.loadLane(b, 1, v128.loadZero(a));
            f.store("v128", to, v128.loadLane(d, 3, v128.loadLane(c, 2, ab)), 16 * lane);
          }
        },
        () => [0, 16, 32, 48].forEach((offset) => f.store("v128", to, zeros, offset)),
      );
      f.bump(to, 64);
      f.bump(from, 16);
      f.jumpIf(i32.ltU(to, whole), again);
    }),
  );
}
