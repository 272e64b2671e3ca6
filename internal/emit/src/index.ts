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
 */
export * from "./atomic.js";
export * from "./floats.js";
export * from "./floatVectors.js";
export * from "./function.js";
export * from "./i32.js";
export * from "./integerVectors.js";
export * from "./module.js";
export * from "./v128.js";
export * from "./value.js";
