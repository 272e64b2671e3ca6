import { moduleBuilder } from "@tenon/emit";
import * as i32x4 from "@tenon/emit/i32x4";

/**
 * Throws where no step can be compiled. A content security policy may forbid modules and yet allow
 * to validate them.
 */
export function checkPlatform(): void {
  // A function that creates a vector and drops it.
  const builder = moduleBuilder();
  builder.func("probe", {}, (f) => f.drop(i32x4.const(0)));
  const probe = builder.toBytes();
  const refused = (expected: string, cause?: unknown): Error =>
    new Error(`wasm: expected WebAssembly ${expected}, or use the reference engine`, { cause });
  if (typeof WebAssembly === "undefined")
    throw refused("on this platform, which Node's --jitless disables");
  let hasSimd = false;
  try {
    hasSimd = WebAssembly.validate(probe);
    if (hasSimd) new WebAssembly.Module(probe);
  } catch (cause) {
    throw refused(
      "that may be compiled; allow 'wasm-unsafe-eval' in the content security policy",
      cause,
    );
  }
  if (!hasSimd)
    throw refused(
      "with SIMD instructions; run on Chrome 91, Firefox 89, Safari 16.4, Node 16.4 or newer",
    );
}
