import { expect, test } from "vitest";
import { moduleBuilder, strided, type FunctionBuilder, type ModuleBuilder } from "./index.js";
import * as i32 from "./i32.js";

/** Runs a function without parameters; the first words of its memory. */
function wordsAfter(body: (f: FunctionBuilder, module: ModuleBuilder) => void): Int32Array {
  const module = moduleBuilder();
  module.func("run", {}, (f) => body(f, module));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
    env: { memory },
  });
  (exports["run"] as () => void)();
  return new Int32Array(memory.buffer, 0, 8);
}

test("parameters have names; some are groups, some are absent", () => {
  const words = wordsAfter((f, module) => {
    const sum = module.func(
      "sum",
      { out: "address", terms: ["i32", "i32"], scratch: undefined, factor: "i32" },
      (g, { out, terms, scratch, factor }) => {
        expect(scratch).toBeUndefined();
        g.store("i32", out, i32.mul(i32.add(terms[0]!, terms[1]!), factor));
      },
    );
    f.call(sum, 4, 3, 4, 10);
  });
  expect([...words.subarray(0, 3)]).toEqual([0, 70, 0]);
});

test("smaller values, addresses of elements, loops until a condition holds", () => {
  const words = wordsAfter((f) => {
    const [first, second] = f.locals("i32", 2);
    f.set(second!, f.min(-3, 2));
    f.until(i32.geS(first!, 3), (exit) => {
      f.store("i32", strided(0, first!, 4), second!);
      f.bump(first!, 1);
      f.jumpIf(i32.eq(first!, 2), exit);
    });
    f.store("i32", 12, f.min(5, second!));
  });
  expect([...words.subarray(0, 4)]).toEqual([-3, -3, 0, -3]);
});

test("a loop has a counter of its own", () => {
  const words = wordsAfter((f) => {
    f.for(0, 3, 1, (row) =>
      f.for(1, 3, 1, (column) =>
        f.store(
          "i32",
          i32.shl(i32.add(i32.shl(row, 1), i32.sub(column, 1)), 2),
          i32.mul(row, column),
        ),
      ),
    );
    f.for(5, 5, 1, () => f.trap());
  });
  expect([...words.subarray(0, 6)]).toEqual([0, 0, 1, 2, 2, 4]);
});

test("variables of a scope are used again after it, and never within it", () => {
  wordsAfter((f) => {
    const outside = f.let(i32.const(1));
    const indices: number[] = [];
    for (let scope = 0; scope < 2; scope++)
      f.for(0, 2, 1, (i) => {
        const doubled = f.let(i32.add(i, i));
        f.if(i, () => indices.push(i.index, doubled.index, f.let(7).index));
      });
    const after = f.local("i32");
    expect(indices.slice(0, 3)).toEqual(indices.slice(3));
    expect(new Set([outside.index, after.index, ...indices]).size).toBe(5);
  });
});

test("interleaved bodies share no variables, also those of their loops", () => {
  const words = wordsAfter((f) =>
    f.interleave(
      [0, 1].map((body) => () => {
        const start = f.let(i32.const(10 * body));
        f.for(0, 4, 1, (i) => f.store("i32", 4 * body, i32.add(start, i)));
      }),
    ),
  );
  expect([...words.subarray(0, 2)]).toEqual([3, 13]);
});

test("the smaller and the larger of two signed integers", () => {
  const words = wordsAfter((f) => {
    const negative = f.let(-3);
    [
      i32.min(negative, 2),
      i32.min(2, negative),
      i32.max(negative, 2),
      i32.max(2, negative),
    ].forEach((value, index) => f.store("i32", 4 * index, value));
  });
  expect([...words.subarray(0, 4)]).toEqual([-3, -3, 2, 2]);
});

test("addresses are not compared as signed integers", () => {
  wordsAfter((f) => {
    const address = f.local("address", 64);
    const end = i32.add(address, 16);
    const distance = i32.sub(end, address);
    expect([end.type, distance.type]).toEqual(["address", "i32"]);
    f.for(0, distance, 4, () => {});
    f.drop(i32.ltU(address, end));
    // @ts-expect-error -- the address may be beyond 2 GiB
    f.for(0, address, 4, () => {});
    // @ts-expect-error -- the end, too
    f.for(0, end, 4, () => {});
    // @ts-expect-error -- so may either of two
    f.drop(i32.ltS(address, end));
    // @ts-expect-error -- a smaller address is a smaller unsigned number
    f.drop(i32.min(address, end));
    const count = f.local("i32");
    // @ts-expect-error -- an integer that was an address would be compared after all
    f.set(count, address);
  });
});
