import type { DType } from "@tenon/contracts";
import { f32x4, i32, i32x4, v128, type FunctionBuilder, type Index, type Local } from "../emit/index.js";
import type { Kernel } from "./kernel.js";

/** Where a dense array's numbers go inside a larger one: element (i, j, …) to `offset + i·strides[0] + j·strides[1] + …`. */
export interface Part {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export interface PlaceSpec {
  /** Of the result, in elements. */
  readonly size: number;
  readonly dtype: DType;
  /** What stands where nothing is placed; none if the parts fill it. */
  readonly fill?: number;
  readonly parts: readonly Part[];
}

/** Puts arrays into a larger one: padding and concatenation. Pointers: out, then each part. */
export function place({ size, dtype, fill, parts }: PlaceSpec): Kernel {
  return {
    key: `place ${size} ${dtype} ${fill === undefined ? "" : Object.is(fill, -0) ? "-0" : fill} ${JSON.stringify(parts)}`,
    pointers: 1 + parts.length,
    pieces: size === 0 ? 0 : 1,
    scratch: 0,
    flops: 0,
    emit: (module) => module.func("place", new Array(3 + parts.length).fill("i32"), (f, out, ...rest) => {
      const [begin, end] = rest.slice(-2) as [Local, Local];
      f.if(i32.ltS(begin, end), () => {
        if (fill !== undefined) {
          const at = f.local("i32"), value = dtype === "int32" ? i32x4.const(fill) : f32x4.const(fill);
          f.loop(at, out as Index, i32.add(out as Index, 4 * (size - (size % 4))), 16, () => f.store("v128", at, value));
          for (let i = size - (size % 4); i < size; i++) f.storeLane(out as Index, 0, value, 4 * i);
        }
        parts.forEach((part, k) => copy(f, part, i32.add(out as Index, 4 * part.offset), rest[k] as Index));
      });
    }),
  };
}

/** Axis by axis; the last one in vectors where its numbers stay neighbours. */
function copy(f: FunctionBuilder, { shape, strides }: Part, to: Index, from: Index): void {
  const [n, ...inner] = shape, [step, ...steps] = strides;
  if (n === undefined) {
    f.store("i32", to, i32.load(from));
    return;
  }
  const size = inner.reduce((s, m) => s * m, 1);
  const target = f.local("i32"), source = f.local("i32"), i = f.local("i32");
  f.set(target, to);
  f.set(source, from);
  const advance = (elements: number): void => {
    f.bump(target, 4 * elements * step!);
    f.bump(source, 4 * elements * size);
  };
  const fours = inner.length === 0 && step === 1 ? n - (n % 4) : 0;
  f.loop(i, 0, fours, 4, () => {
    f.store("v128", target, v128.load(source));
    advance(4);
  });
  f.loop(i, fours, n, 1, () => {
    copy(f, { shape: inner, strides: steps, offset: 0 }, target, source);
    advance(1);
  });
}
