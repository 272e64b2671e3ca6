import {
  i32,
  i32x4,
  v128,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";

/** Bytes of what a channel's 256 values stand for. */
export const paletteBytes = 1024;

/**
 * Emits `(to, count, palette, bytes)`: makes numbers of bytes that stand for them, where they are
 * to lie. The bytes fill the last quarter of the memory for `count` numbers at `to`, which lies at
 * a multiple of 16. The palette is so many bytes long: 256 numbers for each channel, which take
 * turns.
 *
 * From the front, no number is written over a byte that is not read yet: number i ends at 4i + 4,
 * and byte i + 1 lies at 3 · count + i + 1, which is no less.
 */
export function fromBytes(module: ModuleBuilder): FunctionIndex {
  return module.func("fromBytes", ["i32", "i32", "i32", "i32"], (f, ...params) => {
    const [to, count, palette, bytes] = params as [
      Local<"i32">,
      Local<"i32">,
      Local<"i32">,
      Local<"i32">,
    ];
    const from = f.local("i32", i32.add(to, i32.mul(count, 3)));
    const end = f.local("i32", i32.add(to, i32.shl(count, 2)));
    const whole = f.local("i32");
    const four = f.local("v128");
    const word = f.local("i32");
    const zeros = f.local("v128", v128.loadSplat(palette));
    const channel = f.local("i32");
    const entry = (times4: I32, base: Index = palette): I32 =>
      i32.add(base, i32.and(times4, paletteBytes - 4));
    // Of one channel sixteen at a time; most of an image are often zeros.
    f.if(i32.eq(bytes, paletteBytes), () => {
      f.set(whole, i32.add(to, i32.shl(i32.and(count, -16), 2)));
      f.if(i32.ltU(to, whole), () =>
        f.repeat((again) => {
          f.set(four, v128.load(from));
          f.if(
            v128.any(four),
            () => {
              for (const lane of [0, 1, 2, 3]) {
                f.set(word, i32x4.lane(four, lane));
                const [a, b, c, d] = [
                  i32.shl(word, 2),
                  i32.shrU(word, 6),
                  i32.shrU(word, 14),
                  i32.shrU(word, 22),
                ].map((times4) => entry(times4)) as [I32, I32, I32, I32];
                f.store(
                  "v128",
                  to,
                  v128.loadLane(d, 3, v128.loadLane(c, 2, v128.loadLane(b, 1, v128.loadZero(a)))),
                  16 * lane,
                );
              }
            },
            () => [0, 16, 32, 48].forEach((at) => f.store("v128", to, zeros, at)),
          );
          f.bump(to, 64);
          f.bump(from, 16);
          f.jumpIf(i32.ltU(to, whole), again);
        }),
      );
    });
    f.repeat((again, exit) => {
      f.jumpIf(i32.geU(to, end), exit);
      f.store(
        "i32",
        to,
        i32.load(entry(i32.shl(i32.loadByte(from), 2), i32.add(palette, channel))),
      );
      f.bump(to, 4);
      f.bump(from, 1);
      f.bump(channel, paletteBytes);
      f.if(i32.eq(channel, bytes), () => f.set(channel, 0));
      f.jump(again);
    });
  });
}
