import { expect, test } from "vitest";
import { moduleBuilder, type FunctionBuilder, type FunctionIndex } from "./index.js";
import * as f32x4 from "./f32x4.js";
import * as f64x2 from "./f64x2.js";
import * as i32 from "./i32.js";
import * as i32x4 from "./i32x4.js";
import * as i64x2 from "./i64x2.js";
import * as v128 from "./v128.js";

const build = (
  make: (module: ReturnType<typeof moduleBuilder>) => void,
): {
  bytes: Uint8Array;
  memory: WebAssembly.Memory;
  exports: Record<string, (...args: number[]) => void>;
} => {
  const module = moduleBuilder();
  make(module);
  const bytes = module.toBytes();
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { bytes, memory, exports: exports as never };
};

test("loops, vectors and calls run", () => {
  const { memory, exports } = build((module) => {
    const double = (): FunctionIndex =>
      module.func("double", { out: "address", x: "address", n: "i32" }, (f, { out, x, n }) => {
        f.for(0, i32.shl(n, 2), 16, (offset) => {
          const lanes = f.let(v128.load(i32.add(x, offset)));
          f.store("v128", i32.add(out, offset), f32x4.add(lanes, lanes));
        });
      });
    expect(double()).toBe(double());
    module.func("run", {}, (f) => {
      f.call(double(), 64, 0, 8);
      f.call(double(), 128, 64, 0);
    });
  });
  const view = new Float32Array(memory.buffer);
  view.set([1, 2, 3, 4, 5, 6, 7, 8]);
  exports.run!();
  expect([...view.subarray(16, 24)]).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
  expect(view[32]).toBe(0);
});

test("blocks are left, loops repeated, branches taken", () => {
  const { memory, exports } = build((module) =>
    module.func("collatz", { n: "i32" }, (f, { n }) => {
      const steps = f.local("i32");
      f.repeat((again, exit) => {
        f.jumpIf(i32.leS(n, 1), exit);
        f.if(
          i32.and(n, 1),
          () => f.set(n, i32.add(i32.mul(n, 3), 1)),
          () => f.set(n, i32.shrU(n, 1)),
        );
        f.bump(steps, 1);
        f.jump(again);
      });
      f.store("i32", 0, steps);
    }),
  );
  exports.collatz!(27);
  expect(new Int32Array(memory.buffer)[0]).toBe(111);
});

test("a constant vector is in the code once, before the loops, however often it is used", () => {
  const occurrences = (bytes: readonly number[], code: Uint8Array): number =>
    code.filter((_, start) => bytes.every((byte, i) => code[start + i] === byte)).length;
  const { bytes, memory, exports } = build((module) =>
    module.func("run", { n: "i32" }, (f, { n }) => {
      const sum = f.local("v128");
      f.for(0, n, 1, () => {
        f.set(sum, f32x4.add(sum, f32x4.const(1.5)));
        f.set(sum, f32x4.mul(f32x4.sub(sum, f32x4.const(0.25)), f32x4.const(1.5)));
      });
      f.store("v128", 0, f32x4.max(sum, f32x4.const(0)));
      f.store("v128", 16, i32x4.lanes(1, 2, 3, -4));
      f.store("v128", 32, f64x2.const(1.5));
      f.store("v128", 48, i64x2.const(5, 6));
    }),
  );
  exports.run!(2);
  expect([...new Float32Array(memory.buffer, 0, 4)]).toEqual(
    new Array(4).fill(((0 + 1.5 - 0.25) * 1.5 + 1.5 - 0.25) * 1.5),
  );
  expect([...new Int32Array(memory.buffer, 16, 4)]).toEqual([1, 2, 3, -4]);
  expect([...new Float64Array(memory.buffer, 32, 2)]).toEqual([1.5, 1.5]);
  expect([...new Int32Array(memory.buffer, 48, 4)]).toEqual([5, 6, 5, 6]);
  const bytesOf = (x: number): number[] => [...new Uint8Array(Float32Array.of(x, x, x, x).buffer)];
  expect([1.5, 0.25, 0].map((x) => occurrences(bytesOf(x), bytes))).toEqual([1, 1, 1]);
});

test("popcnt, ctz, loadByte and swizzle", () => {
  const { memory, exports } = build((module) =>
    module.func("run", { n: "i32" }, (f, { n }) => {
      f.store("i32", 0, i32.popcnt(n));
      f.store("i32", 4, i32.ctz(n));
      f.store("i32", 8, i32.loadByte(19));
      f.store(
        "v128",
        32,
        v128.swizzle(v128.load(16), i32x4.lanes(0x03020100, 0x0b0a0908, -1, 0x00ff0f10)),
      );
    }),
  );
  new Uint8Array(memory.buffer, 16, 16).set(Array.from({ length: 16 }, (_, i) => 240 + i));
  exports.run!(0b1011000);
  expect([...new Int32Array(memory.buffer, 0, 3)]).toEqual([3, 3, 243]);
  expect([...new Uint8Array(memory.buffer, 32, 16)]).toEqual([
    240, 241, 242, 243, 248, 249, 250, 251, 0, 0, 0, 0, 0, 255, 0, 240,
  ]);
});

test("memory may be shared", () => {
  const module = moduleBuilder({ shared: true });
  module.func("run", {}, (f) => f.store("i32", 65536, i32.const(7)));
  const compiled = new WebAssembly.Module(module.toBytes());
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  (new WebAssembly.Instance(compiled, { env: { memory } }).exports["run"] as () => void)();
  expect(new Int32Array(memory.buffer)[16384]).toBe(7);
  expect(
    () =>
      new WebAssembly.Instance(compiled, {
        env: { memory: new WebAssembly.Memory({ initial: 2, maximum: 2 }) },
      }),
  ).toThrow(WebAssembly.LinkError);
});

test("interleaved bodies with blocks and branches give the same results as one after the other", () => {
  const collatz = (f: FunctionBuilder, start: number, to: number): void => {
    const n = f.local("i32", i32.const(start));
    const steps = f.local("i32");
    f.repeat((again, exit) => {
      f.jumpIf(i32.leS(n, 1), exit);
      f.if(
        i32.and(n, 1),
        () => f.interleave([() => f.set(n, i32.add(i32.mul(n, 3), 1)), () => f.bump(steps, 1)]),
        () => {
          f.set(n, i32.shrU(n, 1));
          f.bump(steps, 1);
        },
      );
      f.jump(again);
    });
    f.store("i32", to, steps);
  };
  const { memory, exports } = build((module) =>
    module.func("run", {}, (f) => {
      f.interleave([
        () => collatz(f, 27, 0),
        () => f.store("i32", 4, i32.const(5)),
        () => collatz(f, 97, 8),
      ]);
      f.interleave([]);
      f.store("i32", 12, i32.const(6));
    }),
  );
  exports.run!();
  expect([...new Int32Array(memory.buffer, 0, 4)]).toEqual([111, 5, 118, 6]);
});

test("statements of interleaved bodies alternate, those of the last body first", () => {
  const codeOfBoth = (interleaved: boolean): Uint8Array =>
    build((module) =>
      module.func("run", {}, (f) => {
        const [a, b] = [f.local("i32"), f.local("i32")];
        const bodies = [a, b].map(
          (x) => [(): void => f.set(x, 1), (): void => f.set(x, 2)] as const,
        );
        if (interleaved)
          f.interleave(bodies.map((body) => () => body.forEach((statement) => statement())));
        else for (const i of [0, 1] as const) for (const body of [...bodies].reverse()) body[i]();
      }),
    ).bytes;
  expect(codeOfBoth(true)).toEqual(codeOfBoth(false));
});

test("constants fold, also negative and large ones", () => {
  for (const [a, b] of [
    [3, 4],
    [-1, 1],
    [2 ** 31 - 1, 1],
    [-129, -8192],
    [64, 63],
    [1 << 20, 1 << 13],
  ] as const) {
    expect(i32.add(a, b).code).toEqual(i32.const((a + b) | 0).code);
    expect(i32.mul(a, b).code).toEqual(i32.const(Math.imul(a, b)).code);
  }
});
