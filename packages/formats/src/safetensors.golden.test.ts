import { golden, goldenFile, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { goldenSuite } from "@tenon/testkit";
import { expect } from "vitest";
import { readSafetensors, writeSafetensors } from "./index.js";

interface Row extends GoldenRow {
  readonly file: string;
  readonly valid: boolean;
  readonly why?: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly tensors: readonly (GoldenArray & { readonly name: string; readonly dtype: string })[];
}

/**
 * A file that the safetensors package wrote holds what it says, and what we write of it is read
 * back the same.
 */
function contents({ file, metadata, tensors }: Row): void {
  const read = readSafetensors(goldenFile(file));
  for (const { tensors: mine, metadata: notes } of [
    read,
    readSafetensors(writeSafetensors(read.tensors, read.metadata)),
  ]) {
    expect(Object.keys(mine).sort()).toEqual(tensors.map(({ name }) => name).sort());
    for (const { name, dtype, shape, data } of tensors) {
      expect(mine[name].shape).toEqual(shape);
      expect(mine[name].dtype).toBe(/^B?F/.test(dtype) ? "float32" : "int32");
      expect([...mine[name].data], name).toEqual(data);
    }
    expect(Object.entries(notes).sort()).toEqual(Object.entries(metadata ?? {}).sort());
  }
}

/**
 * What the package refuses, we refuse; what it reads, we may refuse: it takes a name given twice.
 */
function verdict({ file, valid, why }: Row): void {
  let message = "";
  try {
    readSafetensors(goldenFile(file));
  } catch (error) {
    message = (error as Error).message;
  }
  if (message !== "") expect(message).toMatch(/^readSafetensors: /);
  if (!valid) expect(message, `a file that is wrong: ${why}`).not.toBe("");
}

goldenSuite("safetensors", golden<Row>("safetensors"), {
  "safetensors/safetensors.torch.save_file": contents,
  "safetensors/safetensors.safe_open": verdict,
});
