import type { FunctionBuilder, FunctionIndex, Local, ModuleBuilder, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as f64x2 from "@tenon/emit/f64x2";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { operationsOf, type Lanes, type Operations } from "./instructions.js";
import { evaluate, type Loop } from "./loop.js";

/**
 * Where in memory a function finds its arguments: the addresses of its arrays from 0 on, then its
 * scalars and its sums, 16 bytes each.
 */
export interface Frame {
  readonly scalars: number;
  readonly sums: number;
}

/** Elements of an iteration: arrays need space for as many past their end. */
export const unroll = 8;

/**
 * Emits the function `(n)`, which runs a loop over n float32 elements of each array: four lanes in
 * float32, or, where it adds up sums, two lanes in float64.
 */
export function emitVectors(module: ModuleBuilder, loop: Loop, frame: Frame): FunctionIndex {
  return module.func(`loop ${loop.key}`, { n: "i32" }, (f, { n }) => {
    const pointers = loop.arrays.map((_, i) => f.local("address", i32.load(0, 4 * i)));
    const scalars = loop.scalars.map((_, i) => f.let(v128.load(0, frame.scalars + 16 * i)));
    const body = { f, n, loop, pointers, scalars };
    if (loop.sums.length === 0) emitStores(body);
    else emitSums(body, frame);
  });
}

/** A function under construction, with its arguments in locals. */
interface Body {
  readonly f: FunctionBuilder;
  readonly n: Local<"i32">;
  readonly loop: Loop;
  readonly pointers: readonly Local<"address">[];
  readonly scalars: readonly Local<"v128">[];
}

/** Writes arrays, also what follows the last element in spare memory, up to a whole iteration. */
function emitStores({ f, n, loop, pointers, scalars }: Body): void {
  const operations = vectorOperations(f32x4, scalars);
  const vectorAt = (offset: number) => (): void =>
    evaluate<V128>(loop, {
      operations,
      scalars,
      letBind: (value) => f.let(value),
      load: (array) => v128.load(pointers[array]!, offset),
      write: (array, value) => f.store("v128", pointers[array]!, value, offset),
    });
  f.for(0, n, unroll, () => {
    f.interleave([vectorAt(0), vectorAt(16)]);
    advance(f, pointers, unroll);
  });
}

/** Adds up sums: four elements an iteration, as two vectors of float64, then one by one. */
function emitSums({ f, n, loop, pointers, scalars }: Body, frame: Frame): void {
  const operations = vectorOperations(f64x2, scalars);
  const totals = [0, 1].map(() => loop.sums.map(() => f.local("v128")));
  const addAll = (load: (array: number) => V128, half: number, mask?: V128): void =>
    evaluate<V128>(loop, {
      operations,
      scalars,
      letBind: (value) => f.let(value),
      load: (array) => f64x2.promoteLow(load(array)),
      write(sum, value) {
        const total = totals[half]![sum]!;
        f.set(total, f64x2.add(total, mask ? v128.and(value, mask) : value));
      },
    });
  const whole = f.let(i32.and(n, -4));
  f.for(0, whole, 4, () => {
    const halves = [0, 1].map(
      (half) => (): void => addAll((array) => v128.load(pointers[array]!, 8 * half), half),
    );
    f.interleave(halves);
    advance(f, pointers, 4);
  });
  const firstLane = f.let(i32x4.lanes(-1, -1, 0, 0));
  f.for(whole, n, 1, () => {
    addAll((array) => v128.loadZero(pointers[array]!), 0, firstLane);
    advance(f, pointers, 1);
  });
  loop.sums.forEach((_, sum) =>
    f.store("v128", 0, f64x2.add(totals[0]![sum]!, totals[1]![sum]!), frame.sums + 16 * sum),
  );
}

function advance(
  f: FunctionBuilder,
  pointers: readonly Local<"address">[],
  elements: number,
): void {
  for (const pointer of pointers) f.bump(pointer, 4 * elements);
}

function vectorOperations(lanes: Lanes, scalars: readonly V128[]): Operations<V128> {
  return operationsOf<V128>(
    ({ vector }) =>
      (x, y) =>
        vector(lanes, x, y),
    scalars[0]!,
    scalars[1]!,
  );
}
