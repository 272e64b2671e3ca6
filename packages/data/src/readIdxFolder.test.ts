import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readIdxFolder } from "./node.js";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "tenon-idx-"))));
afterEach(() => rm(folder, { recursive: true }));

const images = (n: number, fill: number): Uint8Array =>
  Uint8Array.of(
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    n,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    2,
    ...new Array<number>(2 * n).fill(fill),
  );
const labels = (n: number): Uint8Array =>
  Uint8Array.of(0, 0, 8, 1, 0, 0, 0, n, ...Array.from({ length: n }, (_, i) => i));
const put = async (files: Record<string, Uint8Array>): Promise<void> =>
  void (await Promise.all(
    Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)),
  ));

test.each([
  ["-", "-", ""],
  [".", "-", ""],
  ["-", ".", ".gz"],
])("finds the files by names such as train-images%sidx3%subyte%s", async (before, after, gz) => {
  const named = (part: string, idx: string): string => `${part}${before}${idx}${after}ubyte${gz}`;
  const packed = (bytes: Uint8Array): Uint8Array => (gz ? gzipSync(bytes) : bytes);
  await put({
    [named("train-images", "idx3")]: packed(images(3, 7)),
    [named("train-labels", "idx1")]: packed(labels(3)),
    [named("t10k-images", "idx3")]: packed(images(2, 9)),
    [named("t10k-labels", "idx1")]: packed(labels(2)),
    "README.txt": new Uint8Array(1),
  });
  const { train, test: held } = await readIdxFolder(folder);
  expect(train.x.shape).toEqual([3, 1, 2]);
  expect([...train.x.data, ...train.y.data, ...held.x.data, ...held.y.data]).toEqual([
    7, 7, 7, 7, 7, 7, 0, 1, 2, 9, 9, 9, 9, 0, 1,
  ]);
});

const good = {
  "train-images-idx3-ubyte": images(3, 7),
  "train-labels-idx1-ubyte": labels(3),
  "t10k-images-idx3-ubyte": images(2, 9),
  "t10k-labels-idx1-ubyte": labels(2),
};

test("reads the plain file where both are there", async () => {
  await put({ ...good, "train-labels-idx1-ubyte.gz": Uint8Array.of(0x1f, 0x8b, 0) });
  expect((await readIdxFolder(folder)).train.y.shape).toEqual([3]);
});

test("names what is missing, and what is there", async () => {
  await expect(readIdxFolder(join(folder, "nowhere"))).rejects.toThrow(
    /readIdxFolder: expected a folder of IDX files at .*nowhere: ENOENT/,
  );
  await expect(readIdxFolder(folder)).rejects.toThrow("which holds nothing");
  const { "t10k-labels-idx1-ubyte": _, ...three } = good;
  await put({ ...three, "notes.txt": new Uint8Array(1) });
  await expect(readIdxFolder(folder)).rejects.toThrow(
    /expected t10k-labels-idx1-ubyte \(also with a dot, also \.gz\) in .*, which holds .*notes\.txt/,
  );
});

test("names the file that is damaged", async () => {
  await put({ ...good, "t10k-images-idx3-ubyte": images(2, 9).subarray(0, 19) });
  await expect(readIdxFolder(folder)).rejects.toThrow(
    /t10k-images-idx3-ubyte: readIdx: expected 20 bytes for shape \[2, 1, 2\] of uint8, got 19: the file is cut short/,
  );
});

test("refuses files of different sets", async () => {
  await put({ ...good, "train-labels-idx1-ubyte": labels(2) });
  await expect(readIdxFolder(folder)).rejects.toThrow(
    "readIdxFolder: expected as many labels as images, got 3 images in " +
      `${join(folder, "train-images-idx3-ubyte")} and 2 labels in ` +
      `${join(folder, "train-labels-idx1-ubyte")}; the files are of different sets`,
  );
});

test("says which files it read, and names one that is a folder or has no axes", async () => {
  await put(good);
  expect((await readIdxFolder(folder)).test.files).toEqual({
    x: join(folder, "t10k-images-idx3-ubyte"),
    y: join(folder, "t10k-labels-idx1-ubyte"),
  });
  await put({ "t10k-labels-idx1-ubyte": Uint8Array.of(0, 0, 8, 0, 5) });
  await expect(readIdxFolder(folder)).rejects.toThrow(
    /t10k-labels-idx1-ubyte: expected a first axis that counts the examples, got shape \[\]/,
  );
  await rm(join(folder, "t10k-labels-idx1-ubyte"));
  await mkdir(join(folder, "t10k-labels-idx1-ubyte"));
  await expect(readIdxFolder(folder)).rejects.toThrow(
    /t10k-labels-idx1-ubyte: expected a file, got a folder/,
  );
});
