// Written by compiled.test.ts, with compile.ts:
// npm test -- packages/optimizers/src/internal/arrays/compiled -u
import type { InstructionName } from "./instructions.js";
import type { Compiled } from "./loop.js";
import { signOf } from "./signOf.js";

/** Each instruction as a loop, for loops that are not among those below. */
export const kernels: Readonly<Record<InstructionName | "sum", Compiled>> = {
  copy: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0;
    }
  },
  scaledSum: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 * k0 + x1 * k1;
    }
  },
  scaledSquareSum: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 * k0 + x1 * x1 * k1;
    }
  },
  addScaled: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 + x1 * k0;
    }
  },
  divBySqrt: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = ((x0 * k0) / (Math.sqrt(x1 * k1 + k2) + k3)) * k4;
    }
  },
  addDivBySqrt: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      const x2 = D[i]!;
      A[i] = x2 + ((x0 * k0) / (Math.sqrt(x1 * k1 + k2) + k3)) * k4;
    }
  },
  neg: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = -x0;
    }
  },
  sqrt: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.sqrt(x0);
    }
  },
  square: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0 * x0;
    }
  },
  abs: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.abs(x0);
    }
  },
  sign: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = signOf(x0);
    }
  },
  add: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 + x1;
    }
  },
  addScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0 + k0;
    }
  },
  scalarAdd: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = k0 + x0;
    }
  },
  sub: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 - x1;
    }
  },
  subScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0 - k0;
    }
  },
  scalarSub: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = k0 - x0;
    }
  },
  mul: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 * x1;
    }
  },
  mulScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0 * k0;
    }
  },
  scalarMul: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = k0 * x0;
    }
  },
  div: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = x0 / x1;
    }
  },
  divScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = x0 / k0;
    }
  },
  scalarDiv: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = k0 / x0;
    }
  },
  maximum: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = Math.max(x0, x1);
    }
  },
  maximumScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.max(x0, k0);
    }
  },
  scalarMaximum: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.max(k0, x0);
    }
  },
  minimum: (memory, { arrays }, _, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      const x1 = C[i]!;
      A[i] = Math.min(x0, x1);
    }
  },
  minimumScalar: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.min(x0, k0);
    }
  },
  scalarMinimum: (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = B[i]!;
      A[i] = Math.min(k0, x0);
    }
  },
  sum: (memory, { arrays, sums }, values, n) => {
    const A = memory[arrays[0]!]!;
    let t00 = 0;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      t00 += x0;
    }
    values[sums[0]!]! += t00;
  },
};

/**
 * The loops of this package's rules, by key, compiled ahead of time: a page's policy may forbid
 * WebAssembly, and it forbids code made from text with it.
 */
export const compiled: Readonly<Record<string, Compiled>> = {
  // sgd
  "C??>B": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    const whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      {
        const x0 = A[i]!;
        const x1 = B[i]!;
        A[i] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 1]!;
        const x1 = B[i + 1]!;
        A[i + 1] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 2]!;
        const x1 = B[i + 2]!;
        A[i + 2] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 3]!;
        const x1 = B[i + 3]!;
        A[i + 3] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 4]!;
        const x1 = B[i + 4]!;
        A[i + 4] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 5]!;
        const x1 = B[i + 5]!;
        A[i + 5] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 6]!;
        const x1 = B[i + 6]!;
        A[i + 6] = x0 + x1 * k0;
      }
      {
        const x0 = A[i + 7]!;
        const x1 = B[i + 7]!;
        A[i + 7] = x0 + x1 * k0;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      A[i] = x0 + x1 * k0;
    }
  },
  // momentum
  "C?>?BC==?C": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      {
        const x0 = B[i]!;
        const x1 = A[i]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i]!;
        A[i] = x2;
        C[i] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 1]!;
        const x1 = A[i + 1]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 1]!;
        A[i + 1] = x2;
        C[i + 1] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 2]!;
        const x1 = A[i + 2]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 2]!;
        A[i + 2] = x2;
        C[i + 2] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 3]!;
        const x1 = A[i + 3]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 3]!;
        A[i + 3] = x2;
        C[i + 3] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 4]!;
        const x1 = A[i + 4]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 4]!;
        A[i + 4] = x2;
        C[i + 4] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 5]!;
        const x1 = A[i + 5]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 5]!;
        A[i + 5] = x2;
        C[i + 5] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 6]!;
        const x1 = A[i + 6]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 6]!;
        A[i + 6] = x2;
        C[i + 6] = x3 + x2 * k1;
      }
      {
        const x0 = B[i + 7]!;
        const x1 = A[i + 7]!;
        const x2 = x0 + x1 * k0;
        const x3 = C[i + 7]!;
        A[i + 7] = x2;
        C[i + 7] = x3 + x2 * k1;
      }
    }
    for (; i < n; i++) {
      const x0 = B[i]!;
      const x1 = A[i]!;
      const x2 = x0 + x1 * k0;
      const x3 = C[i]!;
      A[i] = x2;
      C[i] = x3 + x2 * k1;
    }
  },
  // momentum, L2
  "C@?>BC=@=CC>>=D": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x1 = B[i]!;
        const x3 = C[i]!;
        const x4 = x0 + x1 * k0 + x3 * k1;
        C[i] = x4;
        B[i] = x1 + x4 * k2;
      }
      {
        const x0 = A[i + 1]!;
        const x1 = B[i + 1]!;
        const x3 = C[i + 1]!;
        const x4 = x0 + x1 * k0 + x3 * k1;
        C[i + 1] = x4;
        B[i + 1] = x1 + x4 * k2;
      }
      {
        const x0 = A[i + 2]!;
        const x1 = B[i + 2]!;
        const x3 = C[i + 2]!;
        const x4 = x0 + x1 * k0 + x3 * k1;
        C[i + 2] = x4;
        B[i + 2] = x1 + x4 * k2;
      }
      {
        const x0 = A[i + 3]!;
        const x1 = B[i + 3]!;
        const x3 = C[i + 3]!;
        const x4 = x0 + x1 * k0 + x3 * k1;
        C[i + 3] = x4;
        B[i + 3] = x1 + x4 * k2;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x3 = C[i]!;
      const x4 = x0 + x1 * k0 + x3 * k1;
      C[i] = x4;
      B[i] = x1 + x4 * k2;
    }
  },
  // momentum, rateInside
  "A??>BCK==?": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      {
        const x0 = A[i]!;
        const x1 = B[i]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i]!;
        A[i] = x2;
        C[i] = x3 + x2;
      }
      {
        const x0 = A[i + 1]!;
        const x1 = B[i + 1]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 1]!;
        A[i + 1] = x2;
        C[i + 1] = x3 + x2;
      }
      {
        const x0 = A[i + 2]!;
        const x1 = B[i + 2]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 2]!;
        A[i + 2] = x2;
        C[i + 2] = x3 + x2;
      }
      {
        const x0 = A[i + 3]!;
        const x1 = B[i + 3]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 3]!;
        A[i + 3] = x2;
        C[i + 3] = x3 + x2;
      }
      {
        const x0 = A[i + 4]!;
        const x1 = B[i + 4]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 4]!;
        A[i + 4] = x2;
        C[i + 4] = x3 + x2;
      }
      {
        const x0 = A[i + 5]!;
        const x1 = B[i + 5]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 5]!;
        A[i + 5] = x2;
        C[i + 5] = x3 + x2;
      }
      {
        const x0 = A[i + 6]!;
        const x1 = B[i + 6]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 6]!;
        A[i + 6] = x2;
        C[i + 6] = x3 + x2;
      }
      {
        const x0 = A[i + 7]!;
        const x1 = B[i + 7]!;
        const x2 = x0 * k0 + x1 * k1;
        const x3 = C[i + 7]!;
        A[i + 7] = x2;
        C[i + 7] = x3 + x2;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      A[i] = x2;
      C[i] = x3 + x2;
    }
  },
  // nesterov
  "C?>?BC@>?BC==@C": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = B[i]!;
        const x1 = A[i]!;
        const x2 = x0 + x1 * k0;
        const x4 = C[i]!;
        A[i] = x2;
        C[i] = x4 + (x0 + x2 * k0) * k1;
      }
      {
        const x0 = B[i + 1]!;
        const x1 = A[i + 1]!;
        const x2 = x0 + x1 * k0;
        const x4 = C[i + 1]!;
        A[i + 1] = x2;
        C[i + 1] = x4 + (x0 + x2 * k0) * k1;
      }
      {
        const x0 = B[i + 2]!;
        const x1 = A[i + 2]!;
        const x2 = x0 + x1 * k0;
        const x4 = C[i + 2]!;
        A[i + 2] = x2;
        C[i + 2] = x4 + (x0 + x2 * k0) * k1;
      }
      {
        const x0 = B[i + 3]!;
        const x1 = A[i + 3]!;
        const x2 = x0 + x1 * k0;
        const x4 = C[i + 3]!;
        A[i + 3] = x2;
        C[i + 3] = x4 + (x0 + x2 * k0) * k1;
      }
    }
    for (; i < n; i++) {
      const x0 = B[i]!;
      const x1 = A[i]!;
      const x2 = x0 + x1 * k0;
      const x4 = C[i]!;
      A[i] = x2;
      C[i] = x4 + (x0 + x2 * k0) * k1;
    }
  },
  // adagrad
  "H@?K>>@E=?>=AA@BC": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x2 = B[i]!;
      const x3 = x2 + x0 * x0;
      const x4 = C[i]!;
      B[i] = x3;
      C[i] = x4 + (x0 / (Math.sqrt(x3) + k0)) * k1;
    }
  },
  // rmsprop
  "B??>BCE=>?=AA@DE": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * x1 * k1;
      const x3 = C[i]!;
      A[i] = x2;
      C[i] = x3 + (x1 / (Math.sqrt(x2) + k2)) * k3;
    }
  },
  // rmsprop, momentum
  "B??>BCR@=BE=>?@AA@DAC<<=E": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * x1 * k1;
      const x3 = C[i]!;
      const x5 = x3 * k0 + x1 / (Math.sqrt(x2) + k2);
      const x6 = D[i]!;
      A[i] = x2;
      C[i] = x5;
      D[i] = x6 + x5 * k3;
    }
  },
  // adam
  "A??>BCB==>DEE<?=<FG@HI": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = D[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x5 + ((x2 * k4) / (Math.sqrt(x4 * k5) + k6)) * k7;
    }
  },
  // adam, epsHat
  "A??>BCB==>DEE<?=<FA@GH": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = D[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x5 + ((x2 * k4) / (Math.sqrt(x4) + k5)) * k6;
    }
  },
  // adam, amsgrad
  "A??>BCB==>DEW<<=E;?<;FG@HI": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const E = memory[arrays[4]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = D[i]!;
      const x6 = Math.max(x5, x4);
      const x7 = E[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x6;
      E[i] = x7 + ((x2 * k4) / (Math.sqrt(x6 * k5) + k6)) * k7;
    }
  },
  // adam, nesterov
  "A??>BCB==>DEA@?>FGE<@=<AH@IJ": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x6 = D[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x6 + ((x2 * k4 + x1 * k5) / (Math.sqrt(x4 * k6) + k7)) * k8;
    }
  },
  // adamw
  "A??>BCB==>DER@<FE@?=@GH@IAC<<@J": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = D[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x5 + (x5 * k4 + (x2 * k5) / (Math.sqrt(x4 * k6) + k7)) * k8;
    }
  },
  // adamax
  "A??>BCR@=DIA>LAAEW=@ARA?FTAA=C<<AG": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x7 = Math.max(x3 * k2, Math.abs(x1) + k3);
      const x10 = D[i]!;
      A[i] = x2;
      C[i] = x7;
      D[i] = x10 + ((x2 * k4) / x7) * k5;
    }
  },
  // adadelta
  "B??>BCL@=DG@@Q@>@D@@?AAD@AB==@BCC<<@E": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * x1 * k1;
      const x3 = C[i]!;
      const x7 = (x1 * Math.sqrt(x3 + k2)) / Math.sqrt(x2 + k2);
      const x9 = D[i]!;
      A[i] = x2;
      C[i] = x3 * k0 + x7 * x7 * k1;
      D[i] = x9 + x7 * k3;
    }
  },
  // lion
  "A@?>BCJ@@A??>DEC@@=FC==@G": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x1 = B[i]!;
        const x5 = C[i]!;
        A[i] = x0 * k2 + x1 * k3;
        C[i] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5;
      }
      {
        const x0 = A[i + 1]!;
        const x1 = B[i + 1]!;
        const x5 = C[i + 1]!;
        A[i + 1] = x0 * k2 + x1 * k3;
        C[i + 1] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5;
      }
      {
        const x0 = A[i + 2]!;
        const x1 = B[i + 2]!;
        const x5 = C[i + 2]!;
        A[i + 2] = x0 * k2 + x1 * k3;
        C[i + 2] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5;
      }
      {
        const x0 = A[i + 3]!;
        const x1 = B[i + 3]!;
        const x5 = C[i + 3]!;
        A[i + 3] = x0 * k2 + x1 * k3;
        C[i + 3] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x5 = C[i]!;
      A[i] = x0 * k2 + x1 * k3;
      C[i] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5;
    }
  },
  // radam
  "A??>BCB==>DER@?FRA@GEA@=AHI@JAC<<AK": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    const k9 = values[scalars[11]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = x2 * k4;
      const x8 = D[i]!;
      A[i] = x2;
      C[i] = x4;
      D[i] = x8 + (x5 * k5 + (x5 * k6) / (Math.sqrt(x4 * k7) + k8)) * k9;
    }
  },
  // yogi
  "A??>BCH@>NA=@JAAQ@A@R@@DN==@E<?=<EF@GH": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = x1 * x1;
      const x4 = C[i]!;
      const x9 = x4 - signOf(x4 - x3) * x3 * k2;
      const x10 = D[i]!;
      A[i] = x2;
      C[i] = x9;
      D[i] = x10 + ((x2 * k3) / (Math.sqrt(x9 * k4) + k5)) * k6;
    }
  },
  // adabelief
  "A??>BCN@>?B@=@DEL=@FE<?=<GH@FI": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = x1 - x2;
      const x4 = C[i]!;
      const x6 = x4 * k2 + x3 * x3 * k3 + k4;
      const x7 = D[i]!;
      A[i] = x2;
      C[i] = x6;
      D[i] = x7 + ((x2 * k5) / (Math.sqrt(x6 * k6) + k4)) * k7;
    }
  },
  // lamb
  "A@?>BCBA=>DERB<FEB@ABGH@IAIA<?@AIBB?AB": (memory, { arrays, scalars, sums }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    let t00 = 0;
    let t10 = 0;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x3 = C[i]!;
      const x5 = D[i]!;
      t00 += Math.abs(x5);
      t10 += Math.abs(
        x5 * k4 + ((x0 * k0 + x1 * k1) * k5) / (Math.sqrt((x3 * k2 + x1 * x1 * k3) * k6) + k7),
      );
    }
    values[sums[0]!]! += t00;
    values[sums[1]!]! += t10;
  },
  // lamb
  "A@?>BCBA=>DERB<FEB@ABGH@IARA<JHAA?@ARBBKHBB?AB": (
    memory,
    { arrays, scalars, sums },
    values,
    n,
  ) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    const k9 = values[scalars[11]!]!;
    let t00 = 0;
    let t10 = 0;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x3 = C[i]!;
      const x5 = D[i]!;
      const x8 = x5 * k8;
      const x10 =
        (x5 * k4 + ((x0 * k0 + x1 * k1) * k5) / (Math.sqrt((x3 * k2 + x1 * x1 * k3) * k6) + k7)) *
        k9;
      t00 += x8 * x8;
      t10 += x10 * x10;
    }
    values[sums[0]!]! += t00;
    values[sums[1]!]! += t10;
  },
  // lamb
  "A??>BCB==>DER@<FE@?=@GH@IARA@JRAAKRAALA@A@LMC<<@N": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    const k9 = values[scalars[11]!]!;
    const k10 = values[scalars[12]!]!;
    const k11 = values[scalars[13]!]!;
    const k12 = values[scalars[14]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x1 = B[i]!;
      const x2 = x0 * k0 + x1 * k1;
      const x3 = C[i]!;
      const x4 = x3 * k2 + x1 * x1 * k3;
      const x5 = D[i]!;
      const x7 = x5 * k4 + (x2 * k5) / (Math.sqrt(x4 * k6) + k7);
      A[i] = x2;
      C[i] = x4;
      D[i] = x5 + (x7 * k8 * k9 * k10 * k10 + x7 * k11) * k12;
    }
  },
  // sgd, clipped
  // momentum, clipped
  // nesterov, clipped
  // adam, clipped
  // adamw, clipped
  // lion, clipped
  "I@??@@": (memory, { arrays, sums }, values, n) => {
    const A = memory[arrays[0]!]!;
    let t00 = 0;
    let t01 = 0;
    let t02 = 0;
    let t03 = 0;
    let t04 = 0;
    let t05 = 0;
    let t06 = 0;
    let t07 = 0;
    const whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      {
        const x0 = A[i]!;
        t00 += Math.abs(x0);
      }
      {
        const x0 = A[i + 1]!;
        t01 += Math.abs(x0);
      }
      {
        const x0 = A[i + 2]!;
        t02 += Math.abs(x0);
      }
      {
        const x0 = A[i + 3]!;
        t03 += Math.abs(x0);
      }
      {
        const x0 = A[i + 4]!;
        t04 += Math.abs(x0);
      }
      {
        const x0 = A[i + 5]!;
        t05 += Math.abs(x0);
      }
      {
        const x0 = A[i + 6]!;
        t06 += Math.abs(x0);
      }
      {
        const x0 = A[i + 7]!;
        t07 += Math.abs(x0);
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      t00 += Math.abs(x0);
    }
    values[sums[0]!]! += t00 + t01 + t02 + t03 + t04 + t05 + t06 + t07;
  },
  // sgd, clipped
  // momentum, clipped
  // nesterov, clipped
  // adam, clipped
  // adamw, clipped
  // lion, clipped
  "R@?BH@@?@@": (memory, { arrays, scalars, sums }, values, n) => {
    const A = memory[arrays[0]!]!;
    const k0 = values[scalars[2]!]!;
    let t00 = 0;
    let t01 = 0;
    let t02 = 0;
    let t03 = 0;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x1 = x0 * k0;
        t00 += x1 * x1;
      }
      {
        const x0 = A[i + 1]!;
        const x1 = x0 * k0;
        t01 += x1 * x1;
      }
      {
        const x0 = A[i + 2]!;
        const x1 = x0 * k0;
        t02 += x1 * x1;
      }
      {
        const x0 = A[i + 3]!;
        const x1 = x0 * k0;
        t03 += x1 * x1;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x1 = x0 * k0;
      t00 += x1 * x1;
    }
    values[sums[0]!]! += t00 + t01 + t02 + t03;
  },
  // sgd, clipped
  "R@?BR@@CC>>@D": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x3 = B[i]!;
        B[i] = x3 + x0 * k0 * k1 * k2;
      }
      {
        const x0 = A[i + 1]!;
        const x3 = B[i + 1]!;
        B[i + 1] = x3 + x0 * k0 * k1 * k2;
      }
      {
        const x0 = A[i + 2]!;
        const x3 = B[i + 2]!;
        B[i + 2] = x3 + x0 * k0 * k1 * k2;
      }
      {
        const x0 = A[i + 3]!;
        const x3 = B[i + 3]!;
        B[i + 3] = x3 + x0 * k0 * k1 * k2;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x3 = B[i]!;
      B[i] = x3 + x0 * k0 * k1 * k2;
    }
  },
  // momentum, clipped
  "R@?BA>>@CDC==>E": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x2 = B[i]!;
        const x3 = x2 * k1 + x0 * k0 * k2;
        const x4 = C[i]!;
        B[i] = x3;
        C[i] = x4 + x3 * k3;
      }
      {
        const x0 = A[i + 1]!;
        const x2 = B[i + 1]!;
        const x3 = x2 * k1 + x0 * k0 * k2;
        const x4 = C[i + 1]!;
        B[i + 1] = x3;
        C[i + 1] = x4 + x3 * k3;
      }
      {
        const x0 = A[i + 2]!;
        const x2 = B[i + 2]!;
        const x3 = x2 * k1 + x0 * k0 * k2;
        const x4 = C[i + 2]!;
        B[i + 2] = x3;
        C[i + 2] = x4 + x3 * k3;
      }
      {
        const x0 = A[i + 3]!;
        const x2 = B[i + 3]!;
        const x3 = x2 * k1 + x0 * k0 * k2;
        const x4 = C[i + 3]!;
        B[i + 3] = x3;
        C[i + 3] = x4 + x3 * k3;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x2 = B[i]!;
      const x3 = x2 * k1 + x0 * k0 * k2;
      const x4 = C[i]!;
      B[i] = x3;
      C[i] = x4 + x3 * k3;
    }
  },
  // nesterov, clipped
  "R@?BR@@CC>@>DC@@>DC==@E": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i]!;
        const x4 = x2 + x3 * k2;
        const x6 = C[i]!;
        B[i] = x4;
        C[i] = x6 + (x2 + x4 * k2) * k3;
      }
      {
        const x0 = A[i + 1]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 1]!;
        const x4 = x2 + x3 * k2;
        const x6 = C[i + 1]!;
        B[i + 1] = x4;
        C[i + 1] = x6 + (x2 + x4 * k2) * k3;
      }
      {
        const x0 = A[i + 2]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 2]!;
        const x4 = x2 + x3 * k2;
        const x6 = C[i + 2]!;
        B[i + 2] = x4;
        C[i + 2] = x6 + (x2 + x4 * k2) * k3;
      }
      {
        const x0 = A[i + 3]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 3]!;
        const x4 = x2 + x3 * k2;
        const x6 = C[i + 3]!;
        B[i + 3] = x4;
        C[i + 3] = x6 + (x2 + x4 * k2) * k3;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x2 = x0 * k0 * k1;
      const x3 = B[i]!;
      const x4 = x2 + x3 * k2;
      const x6 = C[i]!;
      B[i] = x4;
      C[i] = x6 + (x2 + x4 * k2) * k3;
    }
  },
  // adam, clipped
  "R@?BR@@CA>>@DEB==@FGE<>=<HI@JK": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    const k9 = values[scalars[11]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x2 = x0 * k0 * k1;
      const x3 = B[i]!;
      const x4 = x3 * k2 + x2 * k3;
      const x5 = C[i]!;
      const x6 = x5 * k4 + x2 * x2 * k5;
      const x7 = D[i]!;
      B[i] = x4;
      C[i] = x6;
      D[i] = x7 + ((x4 * k6) / (Math.sqrt(x6 * k7) + k8)) * k9;
    }
  },
  // adamw, clipped
  "R@?BR@@CA>>@DEB==@FGR@<HE@>=@IJ@KAC<<@L": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const D = memory[arrays[3]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const k8 = values[scalars[10]!]!;
    const k9 = values[scalars[11]!]!;
    const k10 = values[scalars[12]!]!;
    for (let i = 0; i < n; i++) {
      const x0 = A[i]!;
      const x2 = x0 * k0 * k1;
      const x3 = B[i]!;
      const x4 = x3 * k2 + x2 * k3;
      const x5 = C[i]!;
      const x6 = x5 * k4 + x2 * x2 * k5;
      const x7 = D[i]!;
      B[i] = x4;
      C[i] = x6;
      D[i] = x7 + (x7 * k6 + (x4 * k7) / (Math.sqrt(x6 * k8) + k9)) * k10;
    }
  },
  // lion, clipped
  "R@?BR@@CAA>@DEJAAA>>@FGCAA=HC==AI": (memory, { arrays, scalars }, values, n) => {
    const A = memory[arrays[0]!]!;
    const B = memory[arrays[1]!]!;
    const C = memory[arrays[2]!]!;
    const k0 = values[scalars[2]!]!;
    const k1 = values[scalars[3]!]!;
    const k2 = values[scalars[4]!]!;
    const k3 = values[scalars[5]!]!;
    const k4 = values[scalars[6]!]!;
    const k5 = values[scalars[7]!]!;
    const k6 = values[scalars[8]!]!;
    const k7 = values[scalars[9]!]!;
    const whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      {
        const x0 = A[i]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i]!;
        const x7 = C[i]!;
        B[i] = x3 * k4 + x2 * k5;
        C[i] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7;
      }
      {
        const x0 = A[i + 1]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 1]!;
        const x7 = C[i + 1]!;
        B[i + 1] = x3 * k4 + x2 * k5;
        C[i + 1] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7;
      }
      {
        const x0 = A[i + 2]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 2]!;
        const x7 = C[i + 2]!;
        B[i + 2] = x3 * k4 + x2 * k5;
        C[i + 2] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7;
      }
      {
        const x0 = A[i + 3]!;
        const x2 = x0 * k0 * k1;
        const x3 = B[i + 3]!;
        const x7 = C[i + 3]!;
        B[i + 3] = x3 * k4 + x2 * k5;
        C[i + 3] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7;
      }
    }
    for (; i < n; i++) {
      const x0 = A[i]!;
      const x2 = x0 * k0 * k1;
      const x3 = B[i]!;
      const x7 = C[i]!;
      B[i] = x3 * k4 + x2 * k5;
      C[i] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7;
    }
  },
};
