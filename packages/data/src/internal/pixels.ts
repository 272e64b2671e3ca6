import { shown } from "@tenon/guards";

/** An image as decoders give it; rows from top to bottom. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /**
   * The channels of each pixel: gray, gray and opacity, RGB, or RGBA; of fewer than 8 bits, several
   * in a byte, each row beginning with a new one.
   */
  readonly data: ArrayLike<number>;
  /** Bits of a value. @defaultValue 8 */
  readonly depth?: number;
  /** Colors [red, green, blue] or with opacity, which `data` has indices of. @defaultValue none */
  readonly palette?: readonly (readonly number[])[];
}

/** An image's bytes with so many channels. Throws, without a prefix, where it is no image. */
export function bytesOf(image: DecodedImage, channels: number): Uint8Array {
  const { width, height, palette } = image ?? {};
  const count = width * height;
  const values = valuesOf(image);
  const given = values.length / count;
  if (!(count > 0) || ![1, 2, 3, 4].includes(given) || (palette && given !== 1))
    throw new Error(
      `expected an image of 1 to 4 channels, got ${values.length} values for ${shown(width)} × ${shown(height)} pixels`,
    );
  const bytes = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) {
    const [red, green, blue, opacity] = palette
      ? colorOf(palette[values[i]] ?? [0, 0, 0])
      : colorOf(values.subarray(i * given, (i + 1) * given));
    if (channels === 1)
      // In 16 bits behind the point, as Pillow has it.
      bytes[i] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    else bytes.set([red, green, blue, opacity].slice(0, channels), i * channels);
  }
  return bytes;
}

/** One channel is gray, a second or fourth one opacity. */
function colorOf(pixel: ArrayLike<number>): readonly [number, number, number, number] {
  const { length } = pixel;
  return length < 3
    ? [pixel[0], pixel[0], pixel[0], length === 2 ? pixel[1] : 255]
    : [pixel[0], pixel[1], pixel[2], length === 4 ? pixel[3] : 255];
}

/** The values of an image as bytes, one for each; indices into a palette are not scaled. */
function valuesOf({ width, height, data, depth = 8, palette }: DecodedImage): Uint8Array {
  if (depth === 8) return Uint8Array.from(data);
  if (depth === 16) return Uint8Array.from(data, (value) => value >> 8);
  const factor = palette ? 1 : 255 / (2 ** depth - 1);
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    return ((byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1)) * factor;
  });
}
