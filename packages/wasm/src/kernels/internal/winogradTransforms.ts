import { f32x4, v128, type FunctionBuilder, type FunctionIndex, type Local, type ModuleBuilder, type V128 } from "@tenon/emit";
import type { Epilogue } from "./tile.js";
import { image, imageBack, kernel, kernelBack, outputs, outputsBack, square } from "./winogradAlgebra.js";

/** Emits code for all channels, four at a time, or twice four side by side; `code` adds its shift to the offsets from pointers that move along. */
function eachFour({ dialect }: ModuleBuilder, f: FunctionBuilder, channels: number, pointers: readonly Local[], code: (shift: number) => void): void {
  const i = f.local("i32"), vectors = dialect.wide && channels % 8 === 0 ? 2 : 1;
  f.loop(i, 0, channels, 4 * vectors, () => {
    f.interleave(Array.from({ length: vectors }, (_, k) => () => code(16 * k)));
    pointers.forEach((pointer) => f.bump(pointer, 16 * vectors));
  });
}

/** V = Bᵀ d B for all channels of a 6 × 6 piece of an image: (to, from) → (). Distances in bytes; `plane` separates the 36 results. */
export function transformImage(module: ModuleBuilder, channels: number, line: number, plane: number): FunctionIndex {
  const key = `winograd/image/${channels}/${line}/${plane}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    eachFour(module, f, channels, [to!, from!], (shift) => {
      square(f, 6, image, (row, column) => v128.load(from!, row * line + column * 4 * channels + shift), (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane + shift));
    });
  }));
}

/** U = G g Gᵀ for four outputs of one channel: (to, from) → (). `tap(row, column)` reads the kernel. */
export function transformKernel(module: ModuleBuilder, name: string, tap: (from: Local, row: number, column: number) => V128, plane: number): FunctionIndex {
  const key = `winograd/kernel/${name}/${plane}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) =>
    square(f, 3, kernel, (row, column) => tap(from!, row, column), (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane))));
}

/** Y = Aᵀ M A for all outputs of a tile, of which `rows` × `columns` lie within the image: (to, from) → (). */
export function transformOutputs(module: ModuleBuilder, count: number, line: number, plane: number, rows: number, columns: number, epilogue: Epilogue | undefined): FunctionIndex {
  const key = `winograd/outputs/${count}/${line}/${plane}/${rows}x${columns}${epilogue ? `/${epilogue.key}` : ""}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    eachFour(module, f, count, [to!, from!], (shift) => {
      square(f, 6, outputs, (row, column) => v128.load(from!, (6 * row + column) * plane + shift), (row, column, x) => {
        if (row < rows && column < columns) f.store("v128", to!, epilogue ? epilogue.apply(f.local("v128", x)) : x, row * line + column * 4 * count + shift);
      });
    });
  }));
}

/** dM = A dY Aᵀ, the adjoint of `transformOutputs`: (to, from) → (). What lies outside the image is zero. */
export function transformSlopes(module: ModuleBuilder, count: number, line: number, plane: number, rows: number, columns: number): FunctionIndex {
  const key = `winograd/slopes/${count}/${line}/${plane}/${rows}x${columns}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    eachFour(module, f, count, [to!, from!], (shift) => {
      square(f, 4, outputsBack, (row, column) => (row < rows && column < columns ? v128.load(from!, row * line + column * 4 * count + shift) : f32x4.const(0)), (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane + shift));
    });
  }));
}

/** d ← d + B dV Bᵀ, the adjoint of `transformImage`: (to, from) → (). */
export function addToImage(module: ModuleBuilder, channels: number, line: number, plane: number): FunctionIndex {
  const key = `winograd/addToImage/${channels}/${line}/${plane}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    eachFour(module, f, channels, [to!, from!], (shift) => {
      square(f, 6, imageBack, (row, column) => v128.load(from!, (6 * row + column) * plane + shift), (row, column, x) => {
        const at = row * line + column * 4 * channels + shift;
        f.store("v128", to!, f32x4.add(v128.load(to!, at), x), at);
      });
    });
  }));
}

/** dg = Gᵀ dU G for four outputs of one channel, the adjoint of `transformKernel`: (to, from) → (). `plane` separates the 36, `tap` the 9. */
export function transformKernelBack(module: ModuleBuilder, plane: number, tap: number): FunctionIndex {
  const key = `winograd/kernelBack/${plane}/${tap}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) =>
    square(f, 6, kernelBack, (row, column) => v128.load(from!, (6 * row + column) * plane), (row, column, x) => f.store("v128", to!, x, (3 * row + column) * tap))));
}
