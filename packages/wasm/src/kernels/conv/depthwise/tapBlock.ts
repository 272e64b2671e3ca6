import type { FunctionBuilder, FunctionIndex, Local, ModuleBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { eachVectors, type Vectors } from "../../shared/vectors.js";
import { bySource, tilesAlong, type Axis, type TapAccess, type TileGroup } from "./axisTiles.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { storeLanes } from "../../shared/segment.js";

/**
 * Sums that stay in registers, and the sums plus the gradients of adjacent outputs: with a cell and
 * a product they fill the 15 registers that V8 allocates (`bench/conv`).
 */
const maxSums = 10;
const maxResident = 13;
const maxOutputs = 4;

/** A block of a kernel's taps whose sums fit into registers. */
export interface TapBlock {
  readonly rows: number;
  /** Columns [from, until). */
  readonly from: number;
  readonly until: number;
}

/**
 * Blocks of one row of the kernel, of two, and so on, as many as there are registers for; those of
 * the same rows cover all columns.
 */
export function tapBlocks(rows: number, columns: number): readonly (readonly TapBlock[])[] {
  const turns = Math.ceil(columns / maxSums);
  const width = Math.ceil(columns / turns);
  const maxRows = Math.min(rows, Math.max(1, Math.floor(maxSums / width)));
  return Array.from({ length: maxRows }, (_, k) =>
    Array.from({ length: turns }, (_, turn) => ({
      rows: k + 1,
      from: turn * width,
      until: Math.min(columns, (turn + 1) * width),
    })),
  );
}

/** What a block's gradient is computed of. Strides in bytes. */
export interface TapBlockSpec {
  readonly name: string;
  readonly columns: Axis;
  readonly channels: number;
  /** From one row of the kernel to the next: of the cells that an output reads. */
  readonly tapStride: number;
  /** From one row of outputs to the next: of the cells that they read. */
  readonly outputStride: number;
}

/** The sums of a block, [row][column]. */
type Sums = readonly (readonly Local<"v128">[])[];

/**
 * Accumulates dw for a block of taps over `count` rows of outputs: (dw, x, dy, count, channels from
 * and until in bytes) → ().
 */
export function tapBlockGradient(
  module: ModuleBuilder,
  spec: TapBlockSpec,
  block: TapBlock,
): FunctionIndex {
  const { name, columns, channels, outputStride } = spec;
  const { rows, from, until } = block;
  const cellBytes = 4 * channels;
  const taps = until - from;
  const width = Math.max(1, Math.min(maxOutputs, maxResident - rows * taps));
  const groups = tilesAlong(columns, width)
    .map((group) => ({
      ...group,
      accesses: group.accesses.filter(({ tap }) => tap >= from && tap < until),
    }))
    .filter(({ accesses }) => accesses.length > 0);
  const params = {
    dw: "address",
    x: "address",
    dy: "address",
    count: "i32",
    first: "i32",
    last: "i32",
  } as const;
  return module.func(`${name}/${rows}x${from}`, params, (f, args) => {
    const { dw, x, dy, count } = args;
    const accumulate = (vectors: Vectors): void => {
      const { channel, lanes, all } = vectors;
      const to = f.let(i32.add(dw, channel));
      const cellRow = f.let(i32.add(x, channel));
      const gradientRow = f.let(i32.add(dy, channel));
      const sums: readonly Sums[] = all(() =>
        Array.from({ length: rows }, () => f.locals("v128", taps)),
      );
      const eachSum = (code: (sum: Local<"v128">, offset: number) => void): void => {
        all((shift, k) =>
          sums[k]!.forEach((row, r) =>
            row.forEach((sum, q) => code(sum, (r * columns.taps + from + q) * cellBytes + shift)),
          ),
        );
      };
      eachSum((sum, offset) => f.set(sum, v128.load(to, offset)));
      f.for(0, count, 1, () => {
        for (const group of groups)
          addTiles(module, f, { spec, block, group, vectors, sums, cellRow, gradientRow });
        f.bump(cellRow, outputStride);
        f.bump(gradientRow, columns.outputs * cellBytes);
      });
      eachSum((sum, offset) => storeLanes(f, to, sum, lanes, offset));
    };
    eachVectors(f, module, channels, accumulate, { range: [args.first, args.last] });
  });
}

interface TileOperands {
  readonly spec: TapBlockSpec;
  readonly block: TapBlock;
  readonly group: TileGroup;
  readonly vectors: Vectors;
  /** For each vector the sums of the block. */
  readonly sums: readonly Sums[];
  readonly cellRow: Local<"address">;
  readonly gradientRow: Local<"address">;
}

/** Emits the products of adjacent tiles of one row of outputs. */
function addTiles(module: ModuleBuilder, f: FunctionBuilder, operands: TileOperands): void {
  const { spec, group, vectors, sums, cellRow, gradientRow } = operands;
  const cellBytes = 4 * spec.channels;
  const cells = f.let(i32.add(cellRow, group.source * cellBytes));
  const grads = f.let(i32.add(gradientRow, group.output * cellBytes));
  const addTile = (): void => {
    vectors.all((shift, k) =>
      addProducts(module, f, { ...operands, cells, grads, shift, vectorSums: sums[k]! }),
    );
  };
  if (group.count === 1) addTile();
  else
    f.for(0, group.count, 1, () => {
      addTile();
      f.bump(cells, group.advance * cellBytes);
      f.bump(grads, group.width * cellBytes);
    });
}

interface ProductOperands extends TileOperands {
  readonly cells: Local<"address">;
  readonly grads: Local<"address">;
  /** Bytes from the first channel of `cells` and `grads`. */
  readonly shift: number;
  readonly vectorSums: Sums;
}

/**
 * Emits the products of one tile for one vector of channels: the gradients of its outputs are
 * resident, and each cell is loaded once for each row of the block.
 */
function addProducts(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { spec, block, group, cells, grads, shift, vectorSums }: ProductOperands,
): void {
  const cellBytes = 4 * spec.channels;
  const read = new Set(group.accesses.map(({ output }) => output));
  const resident = Array.from({ length: group.width }, (_, output) =>
    read.has(output) ? f.let(v128.load(grads, output * cellBytes + shift)) : undefined,
  );
  const cell = f.local("v128");
  const addAccesses = (row: readonly Local<"v128">[], accesses: readonly TapAccess[]): void => {
    for (const { output, tap } of accesses) {
      const sum = row[tap - block.from]!;
      f.set(sum, multiplyAdd(module, sum, cell, resident[output]!));
    }
  };
  vectorSums.forEach((row, r) => {
    for (const [source, accesses] of bySource(group.accesses)) {
      f.set(cell, v128.load(cells, r * spec.tapStride + source * cellBytes + shift));
      addAccesses(row, accesses);
    }
  });
}
