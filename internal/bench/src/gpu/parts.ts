/** A program of the bench of GPUs. Its lines of JSON are figures. */
export interface Part {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it is another library: the bench goes well without. */
  readonly isPeer: boolean;
  /** What it is given on a GPU at most: one that hangs leaves the others their time. */
  readonly seconds: number;
}

export interface Setting {
  /** The folder of the programs. */
  readonly folder: string;
  /** The folder of MNIST. */
  readonly data: string;
  readonly node: string;
  readonly python: string;
  /** Flags of the parts: `--software`, `--quick`, `--W1`, `--explain`. */
  readonly flags: readonly string[];
}

/** What all parts together may take on a GPU, in seconds: a lent machine is not lent for longer. */
export const secondsInAll = 230;

/** The parts in their order, the figures that are asked for first before the tests. */
export function partsOf({ folder, data, node, python, flags }: Setting): Part[] {
  const own = (name: string, seconds: number): Part => ({
    ...{ name, seconds, command: node, isPeer: false },
    args: [`${folder}/${name}.mjs`, ...flags, data],
  });
  const npm = (name: string, seconds: number): Part => ({
    ...{ name, seconds, command: node, isPeer: true },
    args: [`${folder}/peers.mjs`, name, ...flags, data],
  });
  const native = (name: string, seconds: number): Part => ({
    ...{ name, seconds, command: python, isPeer: true },
    args: [`${folder}/native.py`, name, ...flags, data],
  });
  if (flags.includes("--software") && !flags.includes("--quick")) return [own("calls", 3600)];
  return [
    ...[own("tenon", 60), native("torch", 40), npm("jax-js", 40), own("train", 40)],
    ...[npm("tfjs", 40), native("jax", 60), own("agree", 30), own("calls", 20)],
    ...[own("golden", 60), own("suite", 70)],
  ];
}
