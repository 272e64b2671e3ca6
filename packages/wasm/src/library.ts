import type { ModuleBuilder } from "@tenon/emit";

/**
 * Compiled functions that the programs of an engine share: one that is in several programs, such as
 * a training step with and without statistics, is compiled and optimized once.
 */
export interface Library {
  /** Whether a module may import the function of this key. */
  has(key: string): boolean;
  /**
   * Compiles a module, of whose functions other modules may import the first `kernels`.
   *
   * @returns all modules that it imports functions of, each before those that import from it, and
   *   the new one as the last
   */
  compile(builder: ModuleBuilder, kernels: number): readonly WebAssembly.Module[];
}

/** Functions that are kept: those of about twenty programs. */
const mostFunctions = 2048;

/** Modules that a program needs at most. */
const mostModules = 16;

/** A library from which all functions are removed when they are too many. */
export function library(): Library {
  /** By key what `compile` returned for the module that has the function. */
  const modulesOf = new Map<string, readonly WebAssembly.Module[]>();
  return {
    has: (key) => modulesOf.has(key),
    compile(builder, kernels) {
      const module = new WebAssembly.Module(builder.toBytes());
      const needed = builder.imported.flatMap(({ key }) => modulesOf.get(key)!);
      const modules = [...new Set([...needed, module])];
      if (modulesOf.size > mostFunctions || modules.length >= mostModules) modulesOf.clear();
      else for (const { key } of builder.defined.slice(0, kernels)) modulesOf.set(key, modules);
      return modules;
    },
  };
}
