/** Smooth fields over images of one size. */
export interface Displacements {
  readonly height: number;
  readonly width: number;
  /** Writes the field whose values at the nodes of the grid are these, at each pixel. */
  field(nodes: Float64Array, values: Float64Array): void;
}

/** Fields of a grid of nodes, the outer ones at the image's corners. */
export function displacements(grid: number, height: number, width: number): Displacements {
  const vertical = tapsOf(grid, height);
  const horizontal = tapsOf(grid, width);
  const { taps } = horizontal;
  const along = new Float64Array(grid * width);
  return {
    height,
    width,
    field(nodes, values) {
      for (let node = 0; node < grid; node++)
        for (let x = 0; x < width; x++) {
          const from = node * grid + horizontal.first[x];
          let sum = 0;
          for (let k = 0; k < taps; k++) sum += nodes[from + k] * horizontal.weights[x * taps + k];
          along[node * width + x] = sum;
        }
      for (let y = 0; y < height; y++) {
        const [to, from] = [y * width, vertical.first[y] * width];
        if (taps === 4) {
          const [second, third, fourth] = [from + width, from + 2 * width, from + 3 * width];
          const a = vertical.weights[y * 4];
          const b = vertical.weights[y * 4 + 1];
          const c = vertical.weights[y * 4 + 2];
          const d = vertical.weights[y * 4 + 3];
          for (let x = 0; x < width; x++)
            values[to + x] =
              a * along[from + x] +
              b * along[second + x] +
              c * along[third + x] +
              d * along[fourth + x];
        } else
          for (let x = 0; x < width; x++) {
            let sum = 0;
            for (let k = 0; k < taps; k++)
              sum += vertical.weights[y * taps + k] * along[from + k * width + x];
            values[to + x] = sum;
          }
      }
    },
  };
}

/** Of each pixel of a line the nodes that count, `taps` in a row, and how much. */
interface Taps {
  readonly taps: number;
  readonly first: Int32Array;
  /** [size, taps] */
  readonly weights: Float64Array;
}

/** The cubic convolution of Keys (1981) with a = −1/2, nodes beyond the ends as the last ones. */
function tapsOf(grid: number, size: number): Taps {
  const taps = Math.min(4, grid);
  const first = new Int32Array(size);
  const weights = new Float64Array(size * taps);
  for (let i = 0; i < size; i++) {
    const place = size === 1 ? 0 : (i * (grid - 1)) / (size - 1);
    const node = Math.min(Math.floor(place), grid - 2);
    const t = place - node;
    const four = [
      ((-0.5 * t + 1) * t - 0.5) * t,
      (1.5 * t - 2.5) * t * t + 1,
      ((-1.5 * t + 2) * t + 0.5) * t,
      (0.5 * t - 0.5) * t * t,
    ];
    first[i] = Math.max(0, Math.min(grid - taps, node - 1));
    four.forEach((weight, k) => {
      const at = Math.max(0, Math.min(grid - 1, node - 1 + k)) - first[i];
      weights[i * taps + at] += weight;
    });
  }
  return { taps, first, weights };
}
