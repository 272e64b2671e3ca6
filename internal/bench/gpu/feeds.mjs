/** Batches made before: as float32, as bytes with a palette, or as rows of the data set. */
export function feedsOf(batchOf, task, count, kind) {
  const palette = Float32Array.from({ length: 256 }, (_, i) => i / 255);
  return Array.from({ length: count }, (_, step) => {
    const { x, y, bytes, rows } = batchOf(step, task.batch);
    const array = { shape: [task.batch, 28, 28, 1], dtype: "float32", data: x };
    const encoded = kind === "rows" ? { bytes, palette, rows } : { bytes, palette };
    return { x: kind === "floats" ? array : { ...array, encoded: () => encoded }, y };
  });
}
