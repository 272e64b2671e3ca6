import { weightsBytes } from "@tenon/experiments";
import type { ByPath, NDArray } from "@tenon/contracts";

/** `weightsDigest` by the browser's SHA-256; over plain http it has none, and ours is loaded. */
export async function digestOf(params: ByPath<NDArray>): Promise<string> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return (await import("./digestWithoutBrowser.js")).weightsDigest(params);
  const bytes = new Uint8Array(await subtle.digest("SHA-256", weightsBytes(params)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
