import type { DType } from "@tenon/contracts";
import {
  f32x4,
  i32,
  i32x4,
  v128,
  type FunctionBuilder,
  type I32,
  type Index,
  type Local,
} from "@tenon/emit";
import { workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { collapse } from "../loop/loop.js";

/**
 * Where a dense array's numbers go inside a larger one: element (i, j, …) to `offset + i·strides[0]
 * + j·strides[1] + …`.
 */
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

const product = (sizes: readonly number[]): number => sizes.reduce((size, n) => size * n, 1);

/** Puts arrays into a larger one: padding and concatenation. Pointers: out, then each part. */
export function place({ size, dtype, fill, parts }: PlaceSpec): Kernel {
  const key = `place ${size} ${dtype} ${fill === undefined ? "" : Object.is(fill, -0) ? "-0" : fill} ${JSON.stringify(parts)}`;
  const common = { key, pointers: 1 + parts.length, scratch: 0, flops: 0 };
  const value =
    fill === undefined ? undefined : dtype === "int32" ? i32x4.const(fill) : f32x4.const(fill);
  const { rows, length } = rowsOf(size, parts);
  const perItem = Math.max(1, Math.ceil(workItemElements / Math.max(1, length)));
  const inRow = parts
    .map((part) =>
      rows > 1
        ? { shape: part.shape.slice(1), strides: part.strides.slice(1), offset: part.offset }
        : part,
    )
    .map(merged);
  return {
    ...common,
    workItems: size === 0 ? 0 : Math.ceil(rows / perItem),
    emit: (module) =>
      module.func("place", new Array(3 + parts.length).fill("i32"), (f, out, ...rest) => {
        const [begin, end] = rest.slice(-2) as [Local<"i32">, Local<"i32">];
        const row = f.local("i32");
        const to = f.local("i32", i32.mul(end, perItem));
        const at = f.local("i32");
        f.if(i32.gtS(to, rows), () => f.set(to, rows));
        f.loop(row, i32.mul(begin, perItem), to, 1, () => {
          f.set(at, i32.add(out!, i32.mul(row, 4 * length)));
          if (value) spread(f, value, at as Local<"i32">, length);
          inRow.forEach((part, k) =>
            copy(
              f,
              part,
              i32.add(at, 4 * part.offset),
              i32.add(rest[k]!, i32.mul(row, 4 * product(part.shape))),
            ),
          );
        });
      }),
  };
}

/**
 * The result as rows that are made independently of each other: entry i of every part's first axis
 * lies in row i.
 */
function rowsOf(
  size: number,
  parts: readonly Part[],
): { readonly rows: number; readonly length: number } {
  const rows = parts[0]?.shape[0] ?? 1;
  const length = size / rows;
  const independent =
    size > 0 &&
    parts.every(
      ({ shape, strides, offset }) =>
        shape[0] === rows &&
        strides[0] === length &&
        offset >= 0 &&
        offset + shape.slice(1).reduce((last, n, axis) => last + (n - 1) * strides[axis + 1]!, 0) <
          length,
    );
  return independent ? { rows, length } : { rows: 1, length: size };
}

/** The same part over fewer axes. */
function merged({ shape, strides, offset }: Part): Part {
  const { loop } = collapse({ shape, inputs: [{ strides, offset }], body: [], outputs: [] });
  return { shape: loop.shape, strides: loop.inputs[0]!.strides, offset };
}

/** Sets numbers that lie side by side. */
function spread(
  f: FunctionBuilder,
  value: ReturnType<typeof i32x4.const>,
  to: Local<"i32">,
  count: number,
): void {
  const i = f.local("i32");
  const fours = count - (count % 4);
  f.loop(i, 0, 4 * fours, 16, () => f.store("v128", i32.add(to, i), value));
  for (let k = fours; k < count; k++) f.storeLane(to, 0, value, 4 * k);
}

/** Axis by axis; the last one in vectors where its numbers stay neighbours. */
function copy(f: FunctionBuilder, { shape, strides }: Part, to: I32, from: I32): void {
  const [n, ...inner] = shape;
  const [step, ...steps] = strides;
  if (n === undefined) {
    f.store("i32", to, i32.load(from));
    return;
  }
  const size = product(inner);
  const target = f.local("i32", to);
  const source = f.local("i32", from);
  const i = f.local("i32");
  const advance = (elements: number): void => {
    f.bump(target, 4 * elements * step!);
    f.bump(source, 4 * elements * size);
  };
  const vectors = (start: Index, count: number): void =>
    f.loop(i, start, Math.floor(n / count) * count, count, () => {
      for (let k = 0; k < count; k += 4) f.store("v128", target, v128.load(source, 4 * k), 4 * k);
      advance(count);
    });
  const whole = inner.length === 0 && step === 1;
  if (whole) {
    vectors(0, 16);
    vectors(n - (n % 16), 4);
  }
  f.loop(i, whole ? n - (n % 4) : 0, n, 1, () => {
    copy(
      f,
      { shape: inner, strides: steps, offset: 0 },
      target as Local<"i32">,
      source as Local<"i32">,
    );
    advance(1);
  });
}
