/**
 * What an instruction of a loop does: `out`, then up to three operands x, y, z, then up to five
 * scalars.
 *
 * `out` and operands are registers (a chunk of numbers) from 0 up, or memory, as ~index: arrays
 * first, then buffers. Scalars, and tables of places, are indices; scalar 0 is 0 and scalar 1 is 1,
 * for what an instruction is not to do. All are numbers, so that a plan is data that any back end
 * can read.
 */
export const code = {
  copy: 0,
  neg: 1,
  sqrt: 2,
  square: 3,
  abs: 4,
  sign: 5,
  add: 6,
  sub: 7,
  mul: 8,
  div: 9,
  maximum: 10,
  minimum: 11,
  /** x and the scalar k. */
  addScalar: 12,
  subScalar: 13,
  mulScalar: 14,
  divScalar: 15,
  maximumScalar: 16,
  minimumScalar: 17,
  /** The scalar k and x. */
  scalarSub: 18,
  scalarDiv: 19,
  // Several operations in one pass over the chunk, with the same roundings.
  /** x·k + y·l */
  scaledSum: 20,
  /** x·k + y²·l */
  scaledSquareSum: 21,
  /** x + y·k */
  addScaled: 22,
  /** x·k / (√(y·l + p) + q)·r */
  overRoot: 23,
  /** z + x·k / (√(y·l + p) + q)·r */
  addOverRoot: 24,
  /** The numbers of buffer x at the places y of the table. */
  expand: 25,
  /** Adds up x into the scalar `out`. */
  sum: 26,
  /** Adds up x into the buffer `out`, at the places y of the table. */
  sumInto: 27,
} as const;

/** Numbers in an instruction: the code, out, x, y, z, k, l, p, q, r. */
export const width = 10;
