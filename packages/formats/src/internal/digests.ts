import { sha256 } from "./sha256.js";
import { show } from "./header.js";

const name = "tenon.sha256";

/** A tensor as stored in a file. */
export interface Stored {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Whether an entry of the metadata is a digest of ours. */
export const isDigest = (key: string): boolean => key === name || key.startsWith(`${name}/`);

/**
 * The digests of a file, by the names under which its metadata keeps them; none of a file that
 * holds nothing.
 */
export function digestsOf(
  tensors: readonly Stored[],
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  const digests: Record<string, string> = Object.create(null);
  for (const { name: tensorName, bytes } of tensors)
    digests[`${name}/${tensorName}`] = sha256(bytes);
  if (tensors.length > 0 || Object.keys(metadata).length > 0)
    digests[name] = ofHeader(tensors, { ...metadata, ...digests });
  return digests;
}

/**
 * Throws what `fail` makes where a tensor, or what the header says, is not what was written. A file
 * without digests is from another tool and cannot be checked.
 */
export function checkDigests(
  tensors: readonly Stored[],
  metadata: Readonly<Record<string, string>>,
  fail: (problem: string) => Error,
): void {
  if (!Object.keys(metadata).some(isDigest)) return;
  const { [name]: header, ...rest } = metadata;
  if (header !== ofHeader(tensors, rest)) {
    throw fail(
      "the header is damaged: its names, shapes or metadata do not have the digest that " +
        "it gives; take another copy of the file, or write it again",
    );
  }
  for (const { name: tensorName, bytes } of tensors) {
    const [expected, got] = [metadata[`${name}/${tensorName}`], sha256(bytes)];
    if (got !== expected)
      throw fail(
        `tensor ${show(tensorName)} is damaged: expected bytes with sha256 ${expected}, got ` +
          `${got}; take another copy of the file, or write it again`,
      );
  }
}

/**
 * Of names, kinds, shapes and metadata, in an order that does not depend on that of the file.
 */
function ofHeader(tensors: readonly Stored[], metadata: Readonly<Record<string, string>>): string {
  const sorted = (lines: unknown[]): string[] => lines.map((line) => JSON.stringify(line)).sort();
  const said = [
    sorted(tensors.map(({ name: tensorName, dtype, shape }) => [tensorName, dtype, shape])),
    sorted(Object.entries(metadata)),
  ];
  return sha256(new TextEncoder().encode(JSON.stringify(said)));
}
