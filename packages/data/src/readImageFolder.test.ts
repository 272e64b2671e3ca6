import { expectClose, refusal } from "@tenon/testkit";
import { decode as png, encode } from "fast-png";
import jpeg from "jpeg-js";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resized } from "./internal/resized.js";
import { readImageFolder } from "./node.js";

const decoders = { png, jpg: (bytes: Uint8Array) => jpeg.decode(bytes, { useTArray: true }) };
let root = "";
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), "tenon-images-"))));
afterAll(() => rm(root, { recursive: true }));

/** A folder with these files. */
async function folderOf(
  name: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<string> {
  const folder = join(root, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(
      join(folder, path),
      typeof content === "string" ? Buffer.from(content, "base64") : content,
    );
  }
  return folder;
}
const plain = (value: number, width = 4, height = 3): Uint8Array =>
  encode({ width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(value) });

// Written by Pillow 12: colors by a palette of two bits, one bit, gray with opacity, 16 bits.
const palette =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADAgMAAADJmkZVAAAADFBMVEX/AAAA/wAAAP8KFB4iiCkEAAAADklEQVR4" +
  "nGOQZnjCEAUAA5MBWrlFowkAAAAASUVORK5CYII=";
const bits =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADAQAAAACcj5NrAAAADklEQVR4nGMIYDjAIAAAA+YBISZ78csAAAAASUVO" +
  "RK5CYII=";
const opacity =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAQAAAAe/WZNAAAAFklEQVR4nGNkZWRkZGRk/MPEAAVwBgAUKQENrC5V" +
  "sQAAAABJRU5ErkJggg==";
const deep =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAAAAADBDy1ZAAAAHElEQVR4nGNgYBDuUBewmsHipyCsIKIgrABnAAA2" +
  "+QO9ETynPQAAAABJRU5ErkJggg==";
const photo = jpeg.encode(
  {
    width: 4,
    height: 3,
    data: Uint8Array.from({ length: 48 }, (_, i) => [200, 100, 50, 255][i % 4]!),
  },
  95,
).data;

test("labels are the folders, in order; other files are skipped", async () => {
  const folder = await folderOf("pets", {
    "dog/b.png": plain(3),
    "dog/a.PNG": plain(2),
    "cat/1.png": plain(1),
    "cat/notes.txt": "",
    "cat/.hidden.png": "",
    "readme.md": "",
  });
  const { x, y, classes, paths } = await readImageFolder(folder, { decoders });
  expect(classes).toEqual(["cat", "dog"]);
  expect(paths.map((path) => path.slice(folder.length + 1))).toEqual(
    ["cat/1.png", "dog/a.PNG", "dog/b.png"].map((path) => join(path)),
  );
  expect(y).toEqual({ shape: [3], dtype: "int32", data: Int32Array.of(0, 1, 1) });
  expect(x.shape).toEqual([3, 3, 4, 3]);
  expect([...x.data]).toEqual([1, 2, 3].flatMap((value) => Array<number>(36).fill(value)));
});

test("every kind of pixel becomes bytes", async () => {
  const folder = await folderOf("kinds", {
    "1/a.png": palette,
    "2/a.png": bits,
    "3/a.png": opacity,
    "4/a.png": deep,
    "5/a.jpg": photo,
  });
  const { x } = await readImageFolder(folder, { decoders, channels: 4 });
  const image = (i: number): number[] => [...x.data.subarray(48 * i, 48 * i + 16)];
  expect(image(0)).toEqual([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 20, 30, 255]);
  expect(image(1)).toEqual([0, 255, 0, 255].flatMap((value) => [value, value, value, 255]));
  expect(image(2)).toEqual([5, 5, 5, 1, 6, 6, 6, 2, 7, 7, 7, 3, 8, 8, 8, 255]);
  expect(image(3)).toEqual([0, 19, 39, 58].flatMap((value) => [value, value, value, 255]));
  expectClose(image(4), Array.from({ length: 4 }, () => [200, 100, 50, 255]).flat(), 3);
  const { x: gray } = await readImageFolder(folder, { decoders, channels: 1 });
  // Pillow's convert("L"), of (255, 0, 0), (0, 255, 0), (0, 0, 255) and (10, 20, 30).
  expect([...gray.data.subarray(0, 4)]).toEqual([76, 150, 29, 18]);
});

test("resizing is Pillow's", () => {
  const bytes = Uint8Array.from({ length: 105 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 21), Math.floor((i % 21) / 3), i % 3];
    return (x * x * 7 + y * 13 + c * 40) % 256;
  });
  const from = { height: 5, width: 7 };
  // Image.resize(size, Image.BILINEAR); it rounds after the first axis, too.
  const smaller = resized(bytes, from, { height: 2, width: 3 }, 3);
  expectClose(
    [...smaller],
    [22, 62, 102, 83, 123, 153, 140, 151, 116, 48, 88, 128, 109, 144, 174, 137, 142, 107],
    1,
  );
  const larger = resized(bytes, from, { height: 9, width: 14 }, 3);
  expectClose(
    [...larger.slice(0, 18)],
    [0, 40, 80, 2, 42, 82, 5, 45, 85, 12, 52, 92, 23, 63, 103, 37, 77, 117],
    1,
  );
  expect(Math.abs(larger.reduce((a, b) => a + b, 0) - 41824)).toBeLessThan(150);
  expect(resized(bytes, from, from, 3)).toEqual(bytes);
});

test("images of several sizes need one", async () => {
  const folder = await folderOf("sizes", { "a/1.png": plain(9), "b/1.png": plain(7, 8, 2) });
  await expect(readImageFolder(folder, { decoders })).rejects.toThrow(
    "readImageFolder: expected images of 4 × 3 as the first, got 8 × 2 in ",
  );
  const { x } = await readImageFolder(folder, { decoders, size: [6, 5], channels: 1 });
  expect(x.shape).toEqual([2, 6, 5, 1]);
  expect([...x.data]).toEqual([...Array<number>(30).fill(9), ...Array<number>(30).fill(7)]);
});

test("what is missing or damaged is said with its path", async () => {
  await expect(readImageFolder(join(root, "nowhere"), { decoders })).rejects.toThrow(
    "readImageFolder: expected a folder with a folder for each class at ",
  );
  await expect(
    readImageFolder(await folderOf("flat", { "1.png": plain(1) }), { decoders }),
  ).rejects.toThrow("readImageFolder: expected a folder for each class in ");
  await expect(
    readImageFolder(await folderOf("empty", { "a/1.gif": "" }), { decoders }),
  ).rejects.toThrow(`expected images (png, jpg) in ${join(root, "empty", "a")}, got none`);
  const cut = await folderOf("cut", {
    "a/1.png": plain(1).subarray(0, 40),
    "b/1.jpg": photo.subarray(0, 30),
  });
  await expect(readImageFolder(cut, { decoders })).rejects.toThrow(
    `readImageFolder: ${join(cut, "a", "1.png")}: `,
  );
  await expect(readImageFolder(join(cut), { decoders: { jpg: decoders.jpg } })).rejects.toThrow(
    "expected images (jpg) in ",
  );
  const fine = await folderOf("fine", { "a/1.png": plain(1) });
  const odd = { png: () => ({ width: 2, height: 2, data: [1, 2, 3] }) };
  await expect(readImageFolder(fine, { decoders: odd })).rejects.toThrow(
    "1.png: expected an image of 1 to 4 channels, got 3 values for 2 × 2 pixels",
  );
  await expect(readImageFolder(fine, { decoders: { png: () => 3 as never } })).rejects.toThrow(
    "1.png: ",
  );
});

test("what makes no sense is said", async () => {
  for (const [options, message] of [
    [
      {},
      "readImageFolder: expected decoders by the end of a name, such as { png: decode }, got undefined",
    ],
    [
      { decoders: { png: 3 } },
      "readImageFolder: expected decoders by the end of a name, such as { png: decode }, got { png: 3 }",
    ],
    [{ decoders, channels: 2 }, "readImageFolder: expected channels to be 1, 3 or 4, got 2"],
    [{ decoders, size: 28 }, "readImageFolder: expected size as [height, width], got 28"],
    [{ decoders, size: [0, 4] }, "readImageFolder: expected a whole size in [1, 65535], got 0"],
  ] as const)
    await expect(readImageFolder(root, options as never)).rejects.toThrow(refusal(message));
});
