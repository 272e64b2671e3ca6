/** A file that holds some of MNIST's digits: images as bytes, then labels, gzipped. */
export interface PartFile {
  readonly path: string;
  readonly set: "train" | "t10k";
  /** From this image … */
  readonly from: number;
  /** … to the one before this. */
  readonly to: number;
}

const part = (set: PartFile["set"], from: number, to: number): PartFile => ({
  // Not `.gz`: some servers would unpack it, others not.
  ...{ path: `digits/${set}-${from}-${to}.bin`, set, from, to },
});

/** What every screen trains on at its quick size. */
export const firstParts: readonly PartFile[] = [part("train", 0, 12_000), part("t10k", 0, 2000)];

/** All others. */
export const furtherParts: readonly PartFile[] = [
  part("train", 12_000, 24_000),
  part("train", 24_000, 36_000),
  part("train", 36_000, 48_000),
  part("train", 48_000, 60_000),
  part("t10k", 2000, 10_000),
];

export const partFiles: readonly PartFile[] = [...firstParts, ...furtherParts];
