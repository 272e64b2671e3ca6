/** How large an image is. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** An image of bytes in another size: rows first, then columns, each as a weighted mean. */
export function resized(bytes: Uint8Array, from: Size, to: Size, channels: number): Uint8Array {
  const rows = alongAxis(bytes, [from.height, from.width, channels], to.width);
  return Uint8Array.from(
    alongAxis(rows, [1, from.height, to.width * channels], to.height),
    Math.round,
  );
}

/** Values [before, size, after] with another size of the axis in the middle. */
function alongAxis(
  values: ArrayLike<number>,
  [before, size, after]: readonly [number, number, number],
  newSize: number,
): Float64Array {
  const result = new Float64Array(before * newSize * after);
  const scale = size / newSize;
  const reach = Math.max(1, scale);
  for (let i = 0; i < newSize; i++) {
    // A triangle around the place of the new pixel's center.
    const center = (i + 0.5) * scale - 0.5;
    const begin = Math.max(0, Math.ceil(center - reach));
    const end = Math.min(size - 1, Math.floor(center + reach));
    const weights = Array.from({ length: end - begin + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(begin + k - center) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    for (let b = 0; b < before; b++)
      for (let a = 0; a < after; a++) {
        let mean = 0;
        weights.forEach((weight, k) => {
          mean += weight * values[(b * size + begin + k) * after + a];
        });
        result[(b * newSize + i) * after + a] = mean / sum;
      }
  }
  return result;
}
