/** A line that was drawn, as points in any unit; y grows downwards. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** The width of the pen in pixels of the image: about that of MNIST's digits. */
const pen = 2.4;
/** MNIST's digits fit into a square this large … */
const box = 20;
/** … in the middle of one this large. */
const side = 28;

/**
 * A drawn digit as MNIST's were made: scaled so that it fits into 20 × 20 pixels, and moved so that
 * its center of mass is in the middle of 28 × 28. Bytes in rows, 255 is ink; undefined without a
 * point.
 *
 * LeCun, Cortes and Burges (1998), The MNIST database of handwritten digits
 */
export function digitOf(strokes: readonly Stroke[]): Uint8Array | undefined {
  const points = strokes.flat();
  if (points.length === 0) return undefined;
  const [left, top] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis]!)));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis]!)));
  const extent = Math.max(right! - left!, bottom! - top!);
  const scale = extent === 0 ? 0 : (box - pen) / extent;
  const middle = [(left! + right!) / 2, (top! + bottom!) / 2] as const;
  const scaled = strokes.map((stroke) =>
    stroke.map(([x, y]) => [scale * (x - middle[0]), scale * (y - middle[1])] as const),
  );
  // First around the middle, to find the center of mass, then around that.
  const [x, y] = centerOfMass(drawn(scaled, side / 2, side / 2));
  return drawn(scaled, side - x, side - y);
}

/** Ink of strokes around a point: full within the pen, and fading over one pixel at its edge. */
function drawn(strokes: readonly Stroke[], x: number, y: number): Uint8Array {
  const pixels = new Uint8Array(side * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const at = [column + 0.5 - x, row + 0.5 - y] as const;
      const distance = Math.min(...strokes.map((stroke) => distanceTo(stroke, at)));
      pixels[row * side + column] = Math.round(255 * clamp(pen / 2 + 0.5 - distance));
    }
  return pixels;
}

const clamp = (value: number): number => Math.max(0, Math.min(1, value));

/** The distance of a point from a line of segments. */
function distanceTo(stroke: Stroke, [x, y]: Stroke[number]): number {
  let nearest = Infinity;
  for (const [i, [ax, ay]] of stroke.entries()) {
    const [bx, by] = stroke[Math.min(i + 1, stroke.length - 1)]!;
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : clamp(((x - ax) * dx + (y - ay) * dy) / length);
    nearest = Math.min(nearest, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return nearest;
}

function centerOfMass(pixels: Uint8Array): readonly [x: number, y: number] {
  let [mass, x, y] = [0, 0, 0];
  for (const [i, ink] of pixels.entries()) {
    mass += ink;
    x += ink * ((i % side) + 0.5);
    y += ink * (Math.floor(i / side) + 0.5);
  }
  return mass === 0 ? [side / 2, side / 2] : [x / mass, y / mass];
}
