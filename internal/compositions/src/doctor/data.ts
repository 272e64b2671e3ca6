import { dataset, type InMemoryDataset } from "@tenon/data";
import { normal, random, uniform } from "@tenon/random";

/** Examples to train on and others to validate on. */
export interface Data {
  readonly train: InMemoryDataset;
  readonly validation: InMemoryDataset;
}

/** Examples as rows, and a label or a value for each. */
export interface Examples {
  readonly rows: readonly (readonly number[])[];
  readonly targets: readonly number[];
}

/** A dataset of labels, or of values as columns. */
export function labelled({ rows, targets }: Examples, shape?: readonly number[]): InMemoryDataset {
  const width = shape ?? [rows[0]!.length];
  const x = Float32Array.from(rows.flat());
  return dataset({
    x: { shape: [rows.length, ...width], dtype: "float32", data: x },
    y: { shape: [rows.length], dtype: "int32", data: Int32Array.from(targets) },
  });
}

export function valued({ rows, targets }: Examples): InMemoryDataset {
  const x = Float32Array.from(rows.flat());
  return dataset({
    x: { shape: [rows.length, rows[0]!.length], dtype: "float32", data: x },
    y: { shape: [rows.length, 1], dtype: "float32", data: Float32Array.from(targets) },
  });
}

/** The first `count` examples, and the others. */
export const parted = <D>(
  { rows, targets }: Examples,
  count: number,
  make: (part: Examples) => D,
): { readonly train: D; readonly validation: D } => ({
  train: make({ rows: rows.slice(0, count), targets: targets.slice(0, count) }),
  validation: make({ rows: rows.slice(count), targets: targets.slice(count) }),
});

/** Clouds of points around `classes` centres in `features` dimensions; classes take turns. */
export function blobs(count: number, classes: number, features: number, spread = 0.5): Examples {
  const rng = random(11);
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: features }, () => normal(rng)),
  );
  const targets = Array.from({ length: count }, (_, i) => i % classes);
  const rows = targets.map((label) => centres[label]!.map((c) => c + spread * normal(rng)));
  return { rows, targets };
}

/** Points on two spirals that wind around each other by one and a half turns. */
export function spirals(count: number, noise = 0.05): Examples {
  const rng = random(12);
  const targets = Array.from({ length: count }, (_, i) => i % 2);
  const rows = targets.map((label) => {
    const radius = uniform(rng, 0.15, 1);
    const angle = 3 * Math.PI * radius + Math.PI * label;
    const near = (value: number): number => 1.7 * (value + noise * normal(rng));
    return [near(radius * Math.cos(angle)), near(radius * Math.sin(angle))];
  });
  return { rows, targets };
}

/** Pictures of 8 × 8 pixels in [0, 1]: one of four strokes at a random place, with noise. */
export function strokes(count: number): Examples {
  const rng = random(13);
  const targets = Array.from({ length: count }, (_, i) => i % 4);
  const rows = targets.map((label) => {
    const place = 1 + Math.floor(6 * rng());
    return Array.from({ length: 64 }, (_, i) => {
      const [row, column] = [i >> 3, i % 8];
      const lines = [
        row === place,
        column === place,
        row + column === 4 + place,
        row - column === place - 4,
      ];
      return Math.min(1, Math.max(0, (lines[label] ? 0.8 : 0.1) + 0.1 * normal(rng)));
    });
  });
  return { rows, targets };
}

/** A smooth function of `features` values, plus noise: mean 0, standard deviation about 1. */
export function waves(count: number, features = 4): Examples {
  const rng = random(14);
  const rows = Array.from({ length: count }, () =>
    Array.from({ length: features }, () => normal(rng)),
  );
  const targets = rows.map((row) => Math.sin(row[0]!) + 0.7 * row[1]! + 0.05 * normal(rng));
  return { rows, targets };
}

/** The same examples with targets in another order, drawn at random. */
export function shuffled({ rows, targets }: Examples): Examples {
  const rng = random(15);
  const other = [...targets];
  for (let i = other.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * rng());
    [other[i], other[j]] = [other[j]!, other[i]!];
  }
  return { rows, targets: other };
}

export const mapped = (
  { rows, targets }: Examples,
  value: (x: number, feature: number) => number,
): Examples => ({ rows: rows.map((row) => row.map(value)), targets });
