/** Throws unless a kernel can do what it is made for, which the planner's rules see to. */
export function checkFits(fits: boolean, expected: string, got: string): void {
  if (!fits) throw new Error(`wasm: expected ${expected}, got ${got}`);
}
