/** The smallest module that needs SIMD: a function that creates a vector and drops it. */
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/**
 * Throws where no step can be compiled. A content security policy may forbid modules and yet allow
 * to validate them.
 */
export function checkPlatform(): void {
  const probe = Uint8Array.from(simdProbe);
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
