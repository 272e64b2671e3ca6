import { moduleBuilder, portable, type TargetFeatures } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as v128 from "@tenon/emit/v128";

/** What the caller would like the kernels to use. */
export interface RequestedFeatures {
  readonly turbo: boolean;
  readonly relaxed: boolean;
}

/** The parts of Node's globals and of `node:v8` that are used. */
interface Platform {
  readonly arch?: string;
  readonly versions?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: "node:v8"): { setFlagsFromString(flag: string): void } | undefined;
}

/**
 * The requested features, as far as this platform has them; sets the flags of V8 that they need.
 */
export function targetFeatures({ turbo, relaxed }: RequestedFeatures): TargetFeatures {
  if (!turbo && !relaxed) return portable;
  const {
    arch,
    versions = {},
    getBuiltinModule,
  } = (globalThis as { readonly process?: Platform }).process ?? {};
  // Deno and Bun have a `versions.node`, too.
  const node =
    (versions["deno"] ?? versions["bun"]) ? 0 : Number.parseInt(versions["node"] ?? "0", 10);
  const setFlag = (flag: string): void => getBuiltinModule?.("node:v8")?.setFlagsFromString(flag);

  // Before Node 22 relaxed SIMD needs a flag, about which later versions print a warning.
  if (relaxed && !hasRelaxed() && node >= 20 && node < 22)
    setFlag("--experimental-wasm-relaxed-simd");
  // V8 has joined vectors reliably since version 13, on x64 only.
  const vectors256 = turbo && node >= 24 && arch === "x64";
  if (vectors256) setFlag("--experimental-wasm-revectorize");
  return { vectors256, relaxed: relaxed && hasRelaxed() };
}

/** Whether a module with an instruction of relaxed SIMD may be compiled. */
function hasRelaxed(): boolean {
  const module = moduleBuilder();
  module.func("probe", { x: "address" }, (f, { x }) =>
    f.store("v128", x, f32x4.relaxedMadd(v128.load(x), v128.load(x), v128.load(x))),
  );
  return WebAssembly.validate(module.toBytes());
}
