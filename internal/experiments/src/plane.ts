/** Weights as one list of numbers. */
export type Vector = ArrayLike<number>;

/** A plane through the common start of some paths, and the paths seen in it. */
export interface Plane {
  /** Two directions of length 1, at right angles. */
  readonly directions: readonly [Float64Array, Float64Array];
  /** Of each path the place of each point in the plane, from the start of the first path. */
  readonly paths: readonly (readonly (readonly [x: number, y: number])[])[];
  /** How much of the squared distances from the start lies in the plane. */
  readonly inPlane: number;
}

/**
 * The plane in which paths through weights are seen best: through the start that they have in
 * common, along the first two principal directions of all distances from it. Each path counts the
 * same, however many points it has. The largest place along each direction is positive.
 *
 * Li et al. (2018), Visualizing the loss landscape of neural nets, section 7.2. arXiv:1712.09913
 */
export function planeOf(paths: readonly (readonly Vector[])[]): Plane {
  const origin = paths[0]![0]!;
  const rows = paths.flatMap((path) =>
    path.map((point) =>
      Float64Array.from(point, (value, i) => (value - origin[i]!) / Math.sqrt(path.length)),
    ),
  );
  const products = rows.map((a) => rows.map((b) => dot(a, b)));
  const total = products.reduce((sum, row, i) => sum + row[i]!, 0);
  const found: { vector: number[]; value: number }[] = [];
  for (let i = 0; i < 2; i++) found.push(largestEigenvector(products, found));
  const directions = found.map(({ vector, value }) => combined(rows, vector, value)) as [
    Float64Array,
    Float64Array,
  ];
  const distances = paths.map((path) =>
    path.map((point) => Float64Array.from(point, (value, i) => value - origin[i]!)),
  );
  for (const direction of directions) {
    const places = distances.flat().map((distance) => dot(distance, direction));
    const farthest = places.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    if (farthest < 0) for (const [i, value] of direction.entries()) direction[i] = -value;
  }
  return {
    directions,
    paths: distances.map((path) =>
      path.map((distance) => [dot(distance, directions[0]), dot(distance, directions[1])] as const),
    ),
    inPlane: total > 0 ? (found[0]!.value + found[1]!.value) / total : 1,
  };
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Power iteration, at right angles to the eigenvectors that were found before. */
function largestEigenvector(
  matrix: readonly (readonly number[])[],
  before: readonly { readonly vector: readonly number[] }[],
): { vector: number[]; value: number } {
  let vector = matrix.map((_, i) => 1 + Math.sin(i + 1));
  let value = 0;
  for (let step = 0; step < 500; step++) {
    let next = step === 0 ? vector : matrix.map((row) => dot(row, vector));
    for (const { vector: other } of before) {
      const along = dot(next, other);
      next = next.map((x, i) => x - along * other[i]!);
    }
    value = Math.sqrt(dot(next, next));
    if (value === 0) break;
    vector = next.map((x) => x / value);
  }
  return { vector, value };
}

/** The direction of length 1 that a vector of weights of rows stands for. */
function combined(rows: readonly Float64Array[], weights: readonly number[], value: number) {
  const sum = new Float64Array(rows[0]!.length);
  if (value === 0) return sum;
  for (const [r, row] of rows.entries())
    for (let i = 0; i < sum.length; i++) sum[i]! += (weights[r]! * row[i]!) / Math.sqrt(value);
  return sum;
}
