/**
 * A small WebAssembly emitter whose expressions read like code:
 *
 * ```ts
 * module.func("double", { out: "address", x: "address", n: "i32" }, (f, { out, x, n }) => {
 *   f.for(0, i32.shl(n, 2), 16, (offset) => {
 *     const lanes = f.let(v128.load(i32.add(x, offset)));
 *     f.store("v128", i32.add(out, offset), f32x4.add(lanes, lanes));
 *   });
 * });
 * ```
 *
 * Instructions are functions of a module for each type, `import * as i32 from "@tenon/emit/i32"`:
 * a bundle holds those that it uses.
 */
export * from "./function.js";
export * from "./module.js";
export * from "./strided.js";
export * from "./value.js";
