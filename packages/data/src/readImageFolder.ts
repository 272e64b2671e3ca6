import type { NDArray } from "@tenon/contracts";
import { badArgument, known, shown, text, wholeIn } from "@tenon/guards";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, type DecodedImage } from "./internal/pixels.js";
import { resized } from "./internal/resized.js";

export type { DecodedImage } from "./internal/pixels.js";

export interface ImageFolderOptions {
  /**
   * What decodes the bytes of a file, by the end of its name: `{ png: decode }` with `decode` of
   * fast-png, `jpg` of jpeg-js, or of any library that gives an image of this form.
   */
  readonly decoders: Readonly<
    Record<string, (bytes: Uint8Array) => DecodedImage | Promise<DecodedImage>>
  >;
  /** [height, width] of all images, to which others are resized. @defaultValue that of the first */
  readonly size?: readonly [height: number, width: number];
  /** 1 for gray, 3 for red, green and blue, 4 with opacity. @defaultValue 3 */
  readonly channels?: 1 | 3 | 4;
}

/** The images of a folder with their labels. */
export interface ImageFolder {
  /** [count, height, width, channels], bytes. */
  readonly x: NDArray;
  /** Labels [count]: indices into `classes`. */
  readonly y: NDArray;
  /** The names of the folders, sorted by their codes. */
  readonly classes: readonly string[];
  /** The path of each image. */
  readonly paths: readonly string[];
}

/**
 * Reads a folder that has a folder of images for each class, named after it. Files whose names end
 * in something that has no decoder are skipped, and so are names that begin with a dot.
 *
 * Resizing takes the weighted mean of the pixels around each new one, of more of them where an
 * image becomes smaller, as Pillow's `BILINEAR`. Gray is 0.299 red + 0.587 green + 0.114 blue.
 *
 * Rejects where the folder has no folders, one of them no image, an image is damaged, or, without a
 * size, not as large as the first. Keras: `image_dataset_from_directory`; torchvision:
 * `ImageFolder`.
 */
export async function readImageFolder(
  folder: string,
  options: ImageFolderOptions,
): Promise<ImageFolder> {
  text("readImageFolder", "folder", folder);
  const {
    decoders,
    size,
    channels = 3,
  } = known("readImageFolder", options, "decoders size channels");
  checkDecoders(decoders);
  checkFormat(size, channels);
  const { classes, paths, labels } = await listed(folder, decoders);
  let [height, width] = size ?? [0, 0];
  let x = new Uint8Array(0);
  for (const [i, path] of paths.entries()) {
    const image = await decoded(path, decoders[ending(path)]);
    if (height === 0) ({ height, width } = image);
    const area = height * width * channels;
    if (x.length === 0) x = new Uint8Array(paths.length * area);
    const isAsLarge = image.height === height && image.width === width;
    if (!isAsLarge && size === undefined)
      throw new Error(
        `readImageFolder: expected images of ${width} × ${height} as the first, got ${image.width} × ` +
          `${image.height} in ${path}; say size: [height, width]`,
      );
    const bytes = bytesOf(image, channels);
    x.set(isAsLarge ? bytes : resized(bytes, image, { height, width }, channels), i * area);
  }
  return {
    x: { shape: [paths.length, height, width, channels], dtype: "int32", data: x },
    y: { shape: [paths.length], dtype: "int32", data: Int32Array.from(labels) },
    classes,
    paths,
  };
}

/** The images of each class's folder. */
async function listed(
  folder: string,
  decoders: ImageFolderOptions["decoders"],
): Promise<{ classes: string[]; paths: string[]; labels: number[] }> {
  const classes = await namesIn(folder, true);
  if (classes.length === 0)
    throw new Error(`readImageFolder: expected a folder for each class in ${folder}, got none`);
  const paths: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classes.entries()) {
    const place = join(folder, name);
    const files = (await namesIn(place, false)).filter((file) =>
      Object.hasOwn(decoders, ending(file)),
    );
    if (files.length === 0)
      throw new Error(
        `readImageFolder: expected images (${Object.keys(decoders).join(", ")}) in ${place}, got none`,
      );
    for (const file of files) {
      paths.push(join(place, file));
      labels.push(label);
    }
  }
  return { classes, paths, labels };
}

const ending = (path: string): string => path.slice(path.lastIndexOf(".") + 1).toLowerCase();

function checkDecoders(decoders: ImageFolderOptions["decoders"]): void {
  const all = Object.values(decoders ?? {});
  if (all.length === 0 || all.some((decoder) => typeof decoder !== "function"))
    throw badArgument(
      "readImageFolder",
      "decoders by the end of a name, such as { png: decode }",
      shown(decoders),
    );
}

function checkFormat(size: ImageFolderOptions["size"], channels: number): void {
  if (![1, 3, 4].includes(channels))
    throw badArgument("readImageFolder", "channels to be 1, 3 or 4", shown(channels));
  if (size === undefined) return;
  if (!Array.isArray(size) || size.length !== 2)
    throw badArgument("readImageFolder", "size as [height, width]", shown(size));
  for (const length of size) wholeIn("readImageFolder", "size", length, 1, 65535);
}

/** The folders, or files, in a folder, sorted. */
async function namesIn(folder: string, areFolders: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new Error(
      `readImageFolder: expected a folder with a folder for each class at ${folder}: ${error.message}`,
      { cause: error },
    );
  });
  return entries
    .filter((entry) => !entry.name.startsWith(".") && entry.isDirectory() === areFolders)
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1));
}

async function decoded(
  path: string,
  decode: ImageFolderOptions["decoders"][string],
): Promise<DecodedImage> {
  const bytes = await readFile(path);
  try {
    const image = await decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    bytesOf(image, 1); // throws where it is no image
    return image;
  } catch (error) {
    throw new Error(`readImageFolder: ${path}: ${(error as Error).message}`, { cause: error });
  }
}
