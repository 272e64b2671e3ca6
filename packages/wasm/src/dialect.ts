import { f32x4, moduleBuilder, portable, v128, type Dialect } from "@tenon/emit";

/** What to ask of the engine that runs the kernels. */
export interface Wishes {
  readonly turbo: boolean;
  readonly relaxed: boolean;
}

/** The parts of Node's globals and of `node:v8` that are used. */
interface Platform {
  readonly arch?: string;
  readonly versions?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: "node:v8"): { setFlagsFromString(flag: string): void } | undefined;
}

/** What a step may be written in: what was wished for, as far as it is to be had here. */
export function dialectOf({ turbo, relaxed }: Wishes): Dialect {
  if (!turbo && !relaxed) return portable;
  const {
    arch,
    versions = {},
    getBuiltinModule,
  } = (globalThis as { readonly process?: Platform }).process ?? {};
  // Deno and Bun call themselves Node, too.
  const node =
    (versions["deno"] ?? versions["bun"]) ? 0 : Number.parseInt(versions["node"] ?? "0", 10);
  const ask = (flag: string): void => getBuiltinModule?.("node:v8")?.setFlagsFromString(flag);

  // Before Node 22 relaxed SIMD waits behind a flag, which later versions do not know and complain
  // about.
  if (relaxed && !hasRelaxed() && node >= 20 && node < 22) ask("--experimental-wasm-relaxed-simd");
  // V8 has joined vectors reliably since version 13, on x64 alone.
  const wide = turbo && node >= 24 && arch === "x64";
  if (wide) ask("--experimental-wasm-revectorize");
  return { wide, relaxed: relaxed && hasRelaxed() };
}

/** Whether a module with an instruction of relaxed SIMD may be compiled. */
function hasRelaxed(): boolean {
  const module = moduleBuilder({ pages: 1 });
  module.func("probe", ["i32"], (f, at) =>
    f.store("v128", at!, f32x4.relaxedMadd(v128.load(at!), v128.load(at!), v128.load(at!))),
  );
  return WebAssembly.validate(module.toBytes());
}
