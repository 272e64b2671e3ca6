/**
 * A small WebAssembly emitter whose expressions read like code:
 *
 * ```ts
 * module.func("double", ["i32", "i32", "i32"], (f, out, x, n) => {
 *   const i = f.local("i32");
 *   f.loop(i, 0, i32.shl(n, 2), 16, () => {
 *     const four = v128.load(i32.add(x, i));
 *     f.store("v128", i32.add(out, i), f32x4.add(four, four));   // an expression used twice is
 *     computed twice
 *   });
 * });
 * ```
 */
export * from "./function.js";
export * from "./module.js";
export * from "./value.js";
