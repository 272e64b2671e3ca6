import type { FunctionBuilder, Local } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import { segmentLength, segmentsPerGroup } from "../shared/sumOrder.js";

/** One vector for each row and each four columns of a tile. */
export type Sums = readonly (readonly Local<"v128">[])[];

/** Where an operand is, and from one product to the next how far it moves. */
interface Operand {
  readonly at: Local<"address">;
  readonly end: Local<"address">;
  /** In bytes. */
  readonly step: number;
}

/** From the last vector of a row on: else V8 stores 256 bits, and half of them again. */
export function forEachSum(
  sums: Sums,
  visit: (sum: Local<"v128">, row: number, vector: number) => void,
): void {
  sums.forEach((row, r) => {
    for (let vector = row.length; vector-- > 0;) visit(row[vector]!, r, vector);
  });
}

/**
 * Emits a long sum: products are added up to `sums` of a segment, those to sums of a group of
 * segments, those to totals, which end up in `sums`.
 *
 * @param addUntil adds the next products, one or more, until the operand is at an address
 */
export function addSegments(
  f: FunctionBuilder,
  { at, end, step }: Operand,
  [sums, groups, totals]: readonly [Sums, Sums, Sums],
  addUntil: (until: Local<"address">) => void,
): void {
  const groupEnd = f.local("address");
  const segmentEnd = f.local("address");
  /** Sets `to` to the end of the next `count` products, or to `limit` if that comes first. */
  const setEnd = (to: Local<"address">, count: number, limit: Local<"address">): void => {
    const bytes = count * step;
    f.set(
      to,
      bytes < 2 ** 31
        ? i32.select(i32.gtU(i32.sub(limit, at), bytes), i32.add(at, bytes), limit)
        : limit,
    );
  };
  const moveTo = (to: Sums, from: Sums): void =>
    forEachSum(to, (sum, row, vector) => {
      f.set(sum, f32x4.add(sum, from[row]![vector]!));
      f.set(from[row]![vector]!, f32x4.const(0));
    });
  f.repeat((nextGroup) => {
    setEnd(groupEnd, segmentLength * segmentsPerGroup, end);
    f.repeat((nextSegment) => {
      setEnd(segmentEnd, segmentLength, groupEnd);
      addUntil(segmentEnd);
      f.set(at, segmentEnd); // what adds two products at a time may be one step beyond
      moveTo(groups, sums);
      f.jumpIf(i32.ltU(at, groupEnd), nextSegment);
    });
    moveTo(totals, groups);
    f.jumpIf(i32.ltU(at, end), nextGroup);
  });
  forEachSum(sums, (sum, row, vector) => f.set(sum, totals[row]![vector]!));
}
