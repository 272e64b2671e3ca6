import { moduleBuilder, type FunctionIndex, type ModuleBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { expect, test } from "vitest";
import { linked } from "./instantiate.js";
import { library, type Library } from "./library.js";

/** A function that adds a number to the first word of memory. */
const addOf = (module: ModuleBuilder, n: number): FunctionIndex =>
  module.func(`add ${n}`, {}, (f) => f.store("i32", 0, i32.add(i32.load(0), n)));

/** The modules of a program that adds some numbers, of which later programs may import all. */
function programOf(shared: Library, numbers: readonly number[]): readonly WebAssembly.Module[] {
  const module = moduleBuilder({ imports: shared.has });
  const all = numbers.map((n) => addOf(module, n));
  const { length } = module.defined;
  module.func("run", {}, (f) => all.forEach((each) => f.call(each)));
  return shared.compile(module, length);
}

/** What a program has made of the first word of a memory of its own. */
function sumOf(modules: readonly WebAssembly.Module[]): number {
  const memory = new WebAssembly.Memory({ initial: 1 });
  (linked(modules, memory)["run"] as () => void)();
  return new Int32Array(memory.buffer)[0]!;
}

const functionsOf = (module: WebAssembly.Module | undefined): string[] =>
  WebAssembly.Module.exports(module!).map(({ name }) => name);

test("a program has functions of its own only where no other has them", () => {
  const shared = library();
  const first = programOf(shared, [1, 2, 3]);
  const second = programOf(shared, [3, 2, 4]);
  const third = programOf(shared, [1, 4]);
  expect([first, second, third].map((modules) => functionsOf(modules.at(-1)))).toEqual([
    ["add 1", "add 2", "add 3", "run"],
    ["add 4", "run"],
    ["run"],
  ]);
  expect([first, second, third].map((modules) => modules.length)).toEqual([1, 2, 3]);
  expect([first, second, third].map(sumOf)).toEqual([6, 9, 5]);
});

test("programs need few modules, and a library keeps few functions", () => {
  const shared = library();
  for (let i = 1; i < 4000; i += 20) {
    const numbers = Array.from({ length: 21 }, (_, k) => i - 1 + k);
    const had = [0, ...numbers].filter((n) => shared.has(`add ${n}`));
    const modules = programOf(shared, [0, ...numbers]);
    expect(modules.length).toBeLessThan(20);
    expect(functionsOf(modules.at(-1))).toContain(`add ${i + 1}`);
    for (const n of had) expect(functionsOf(modules.at(-1))).not.toContain(`add ${n}`);
    expect(sumOf(modules)).toBe(numbers.reduce((sum, n) => sum + n, 0));
  }
  const kept = Array.from({ length: 4000 }, (_, n) => n).filter((n) => shared.has(`add ${n}`));
  expect(kept.length).toBeLessThan(2100);
});
