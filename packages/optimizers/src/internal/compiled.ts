// Written by compiled.test.ts, with compile.ts: `npm test --
// packages/optimizers/src/internal/compiled -u`.
import type { Floats } from "./interpret.js";
import { signOf } from "./signOf.js";
import type { Steps } from "./steps.js";

/** Does a loop over whole arrays of the memory, with these scalars. */
export type Compiled = (memory: readonly Floats[], steps: Steps, scalars: Float64Array) => void;

/**
 * The loops of this package's rules, by key, compiled ahead of time: a page's policy may forbid to
 * compile them when they are met.
 */
export const compiled: Readonly<Record<string, Compiled>> = {
  // sgd
  "V??>B": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, k0 = s[k[2]!]!, n = A.length, whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      { const x0 = A[i]!, x1 = B[i]!; A[i] = x0 + x1 * k0; }
      { const x0 = A[i + 1]!, x1 = B[i + 1]!; A[i + 1] = x0 + x1 * k0; }
      { const x0 = A[i + 2]!, x1 = B[i + 2]!; A[i + 2] = x0 + x1 * k0; }
      { const x0 = A[i + 3]!, x1 = B[i + 3]!; A[i + 3] = x0 + x1 * k0; }
      { const x0 = A[i + 4]!, x1 = B[i + 4]!; A[i + 4] = x0 + x1 * k0; }
      { const x0 = A[i + 5]!, x1 = B[i + 5]!; A[i + 5] = x0 + x1 * k0; }
      { const x0 = A[i + 6]!, x1 = B[i + 6]!; A[i + 6] = x0 + x1 * k0; }
      { const x0 = A[i + 7]!, x1 = B[i + 7]!; A[i + 7] = x0 + x1 * k0; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x1 = B[i]!; A[i] = x0 + x1 * k0; }
  },
  // momentum
  "V?>?BV==?C": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, n = A.length, whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      { const x0 = B[i]!, x1 = A[i]!, x2 = x0 + x1 * k0, x3 = C[i]!; A[i] = x2; C[i] = x3 + x2 * k1; }
      { const x0 = B[i + 1]!, x1 = A[i + 1]!, x2 = x0 + x1 * k0, x3 = C[i + 1]!; A[i + 1] = x2; C[i + 1] = x3 + x2 * k1; }
      { const x0 = B[i + 2]!, x1 = A[i + 2]!, x2 = x0 + x1 * k0, x3 = C[i + 2]!; A[i + 2] = x2; C[i + 2] = x3 + x2 * k1; }
      { const x0 = B[i + 3]!, x1 = A[i + 3]!, x2 = x0 + x1 * k0, x3 = C[i + 3]!; A[i + 3] = x2; C[i + 3] = x3 + x2 * k1; }
      { const x0 = B[i + 4]!, x1 = A[i + 4]!, x2 = x0 + x1 * k0, x3 = C[i + 4]!; A[i + 4] = x2; C[i + 4] = x3 + x2 * k1; }
      { const x0 = B[i + 5]!, x1 = A[i + 5]!, x2 = x0 + x1 * k0, x3 = C[i + 5]!; A[i + 5] = x2; C[i + 5] = x3 + x2 * k1; }
      { const x0 = B[i + 6]!, x1 = A[i + 6]!, x2 = x0 + x1 * k0, x3 = C[i + 6]!; A[i + 6] = x2; C[i + 6] = x3 + x2 * k1; }
      { const x0 = B[i + 7]!, x1 = A[i + 7]!, x2 = x0 + x1 * k0, x3 = C[i + 7]!; A[i + 7] = x2; C[i + 7] = x3 + x2 * k1; }
    }
    for (; i < n; i++) { const x0 = B[i]!, x1 = A[i]!, x2 = x0 + x1 * k0, x3 = C[i]!; A[i] = x2; C[i] = x3 + x2 * k1; }
  },
  // momentum, L2
  "V@?>BV=@=CV>>=D": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x1 = B[i]!, x3 = C[i]!, x4 = x0 + x1 * k0 + x3 * k1; C[i] = x4; B[i] = x1 + x4 * k2; }
      { const x0 = A[i + 1]!, x1 = B[i + 1]!, x3 = C[i + 1]!, x4 = x0 + x1 * k0 + x3 * k1; C[i + 1] = x4; B[i + 1] = x1 + x4 * k2; }
      { const x0 = A[i + 2]!, x1 = B[i + 2]!, x3 = C[i + 2]!, x4 = x0 + x1 * k0 + x3 * k1; C[i + 2] = x4; B[i + 2] = x1 + x4 * k2; }
      { const x0 = A[i + 3]!, x1 = B[i + 3]!, x3 = C[i + 3]!, x4 = x0 + x1 * k0 + x3 * k1; C[i + 3] = x4; B[i + 3] = x1 + x4 * k2; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x3 = C[i]!, x4 = x0 + x1 * k0 + x3 * k1; C[i] = x4; B[i] = x1 + x4 * k2; }
  },
  // momentum, rateInside
  "T??>BCF==?": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, n = A.length, whole = n & -8;
    let i = 0;
    for (; i < whole; i += 8) {
      { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!; A[i] = x2; C[i] = x3 + x2; }
      { const x0 = A[i + 1]!, x1 = B[i + 1]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 1]!; A[i + 1] = x2; C[i + 1] = x3 + x2; }
      { const x0 = A[i + 2]!, x1 = B[i + 2]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 2]!; A[i + 2] = x2; C[i + 2] = x3 + x2; }
      { const x0 = A[i + 3]!, x1 = B[i + 3]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 3]!; A[i + 3] = x2; C[i + 3] = x3 + x2; }
      { const x0 = A[i + 4]!, x1 = B[i + 4]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 4]!; A[i + 4] = x2; C[i + 4] = x3 + x2; }
      { const x0 = A[i + 5]!, x1 = B[i + 5]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 5]!; A[i + 5] = x2; C[i + 5] = x3 + x2; }
      { const x0 = A[i + 6]!, x1 = B[i + 6]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 6]!; A[i + 6] = x2; C[i + 6] = x3 + x2; }
      { const x0 = A[i + 7]!, x1 = B[i + 7]!, x2 = x0 * k0 + x1 * k1, x3 = C[i + 7]!; A[i + 7] = x2; C[i + 7] = x3 + x2; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!; A[i] = x2; C[i] = x3 + x2; }
  },
  // nesterov
  "V?>?BV@>?BV==@C": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = B[i]!, x1 = A[i]!, x2 = x0 + x1 * k0, x4 = C[i]!; A[i] = x2; C[i] = x4 + (x0 + x2 * k0) * k1; }
      { const x0 = B[i + 1]!, x1 = A[i + 1]!, x2 = x0 + x1 * k0, x4 = C[i + 1]!; A[i + 1] = x2; C[i + 1] = x4 + (x0 + x2 * k0) * k1; }
      { const x0 = B[i + 2]!, x1 = A[i + 2]!, x2 = x0 + x1 * k0, x4 = C[i + 2]!; A[i + 2] = x2; C[i + 2] = x4 + (x0 + x2 * k0) * k1; }
      { const x0 = B[i + 3]!, x1 = A[i + 3]!, x2 = x0 + x1 * k0, x4 = C[i + 3]!; A[i + 3] = x2; C[i + 3] = x4 + (x0 + x2 * k0) * k1; }
    }
    for (; i < n; i++) { const x0 = B[i]!, x1 = A[i]!, x2 = x0 + x1 * k0, x4 = C[i]!; A[i] = x2; C[i] = x4 + (x0 + x2 * k0) * k1; }
  },
  // adagrad
  "C@?F>>@X=?>=AA@BC": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x2 = B[i]!, x3 = x2 + x0 * x0, x4 = C[i]!; B[i] = x3; C[i] = x4 + x0 / (Math.sqrt(x3) + k0) * k1; }
  },
  // rmsprop
  "U??>BCX=>?=AA@DE": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * x1 * k1, x3 = C[i]!; A[i] = x2; C[i] = x3 + x1 / (Math.sqrt(x2) + k2) * k3; }
  },
  // rmsprop, momentum
  "U??>BCN@=BX=>?@AA@DAV<<=E": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * x1 * k1, x3 = C[i]!, x5 = x3 * k0 + x1 / (Math.sqrt(x2) + k2), x6 = D[i]!; A[i] = x2; C[i] = x5; D[i] = x6 + x5 * k3; }
  },
  // adam
  "T??>BCU==>DEX<?=<FG@HI": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = D[i]!; A[i] = x2; C[i] = x4; D[i] = x5 + x2 * k4 / (Math.sqrt(x4 * k5) + k6) * k7; }
  },
  // adam, epsHat
  "T??>BCU==>DEX<?=<FA@GH": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = D[i]!; A[i] = x2; C[i] = x4; D[i] = x5 + x2 * k4 / (Math.sqrt(x4) + k5) * k6; }
  },
  // adam, amsgrad
  "T??>BCU==>DEJ<<=X;?<;FG@HI": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, E = m[a[4]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = D[i]!, x6 = Math.max(x5, x4), x7 = E[i]!; A[i] = x2; C[i] = x4; D[i] = x6; E[i] = x7 + x2 * k4 / (Math.sqrt(x6 * k5) + k6) * k7; }
  },
  // adam, nesterov
  "T??>BCU==>DET@?>FGX<@=<AH@IJ": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x6 = D[i]!; A[i] = x2; C[i] = x4; D[i] = x6 + (x2 * k4 + x1 * k5) / (Math.sqrt(x4 * k6) + k7) * k8; }
  },
  // adamw
  "T??>BCU==>DEN@<FX@?=@GH@IAV<<@J": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = D[i]!; A[i] = x2; C[i] = x4; D[i] = x5 + (x5 * k4 + x2 * k5 / (Math.sqrt(x4 * k6) + k7)) * k8; }
  },
  // adamax
  "T??>BCN@=DDA>LAAEJ=@ANA?FIAA=V<<AG": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x7 = Math.max(x3 * k2, Math.abs(x1) + k3), x10 = D[i]!; A[i] = x2; C[i] = x7; D[i] = x10 + x2 * k4 / x7 * k5; }
  },
  // adadelta
  "U??>BCL@=DB@@H@>@W@@?AAD@AU==@BCV<<@E": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * x1 * k1, x3 = C[i]!, x7 = x1 * Math.sqrt(x3 + k2) / Math.sqrt(x2 + k2), x9 = D[i]!; A[i] = x2; C[i] = x3 * k0 + x7 * x7 * k1; D[i] = x9 + x7 * k3; }
  },
  // lion
  "T@?>BCE@@T??>DEV@@=FV==@G": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x1 = B[i]!, x5 = C[i]!; A[i] = x0 * k2 + x1 * k3; C[i] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5; }
      { const x0 = A[i + 1]!, x1 = B[i + 1]!, x5 = C[i + 1]!; A[i + 1] = x0 * k2 + x1 * k3; C[i + 1] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5; }
      { const x0 = A[i + 2]!, x1 = B[i + 2]!, x5 = C[i + 2]!; A[i + 2] = x0 * k2 + x1 * k3; C[i + 2] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5; }
      { const x0 = A[i + 3]!, x1 = B[i + 3]!, x5 = C[i + 3]!; A[i + 3] = x0 * k2 + x1 * k3; C[i + 3] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x5 = C[i]!; A[i] = x0 * k2 + x1 * k3; C[i] = x5 + (signOf(x0 * k0 + x1 * k1) + x5 * k4) * k5; }
  },
  // radam
  "T??>BCU==>DEN@?FNA@GXA@=AHI@JAV<<AK": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, k9 = s[k[11]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = x2 * k4, x8 = D[i]!; A[i] = x2; C[i] = x4; D[i] = x8 + (x5 * k5 + x5 * k6 / (Math.sqrt(x4 * k7) + k8)) * k9; }
  },
  // yogi
  "T??>BCC@>GA=@EAAH@A@N@@DG==@X<?=<EF@GH": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = x1 * x1, x4 = C[i]!, x9 = x4 - signOf(x4 - x3) * x3 * k2, x10 = D[i]!; A[i] = x2; C[i] = x9; D[i] = x10 + x2 * k3 / (Math.sqrt(x9 * k4) + k5) * k6; }
  },
  // adabelief
  "T??>BCG@>?U@=@DEL=@FX<?=<GH@FI": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = x1 - x2, x4 = C[i]!, x6 = x4 * k2 + x3 * x3 * k3 + k4, x7 = D[i]!; A[i] = x2; C[i] = x6; D[i] = x7 + x2 * k5 / (Math.sqrt(x6 * k6) + k4) * k7; }
  },
  // lamb
  "T@?>BCUA=>DENB<FXB@ABGH@IADA<Z@ADBBZAB": (m, { arrays: a, scalars: k, sums: t }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, n = A.length;
    let t00 = 0, t10 = 0;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x3 = C[i]!, x5 = D[i]!; t00 += Math.abs(x5); t10 += Math.abs(x5 * k4 + (x0 * k0 + x1 * k1) * k5 / (Math.sqrt((x3 * k2 + x1 * x1 * k3) * k6) + k7)); }
    s[t[0]!]! += t00;
    s[t[1]!]! += t10;
  },
  // lamb
  "T@?>BCUA=>DENB<FXB@ABGH@IANA<JCAAZ@ANBBKCBBZAB": (m, { arrays: a, scalars: k, sums: t }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, k9 = s[k[11]!]!, n = A.length;
    let t00 = 0, t10 = 0;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x3 = C[i]!, x5 = D[i]!, x8 = x5 * k8, x10 = (x5 * k4 + (x0 * k0 + x1 * k1) * k5 / (Math.sqrt((x3 * k2 + x1 * x1 * k3) * k6) + k7)) * k9; t00 += x8 * x8; t10 += x10 * x10; }
    s[t[0]!]! += t00;
    s[t[1]!]! += t10;
  },
  // lamb
  "T??>BCU==>DEN@<FX@?=@GH@IANA@JNAAKNAALT@A@LMV<<@N": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, k9 = s[k[11]!]!, k10 = s[k[12]!]!, k11 = s[k[13]!]!, k12 = s[k[14]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x1 = B[i]!, x2 = x0 * k0 + x1 * k1, x3 = C[i]!, x4 = x3 * k2 + x1 * x1 * k3, x5 = D[i]!, x7 = x5 * k4 + x2 * k5 / (Math.sqrt(x4 * k6) + k7); A[i] = x2; C[i] = x4; D[i] = x5 + (x7 * k8 * k9 * k10 * k10 + x7 * k11) * k12; }
  },
  // sgd, clipped; momentum, clipped; nesterov, clipped; adam, clipped; adamw, clipped; lion,
  // clipped
  "D@?Z@@": (m, { arrays: a, sums: t }, s) => {
    const A = m[a[0]!]!, n = A.length, whole = n & -8;
    let t00 = 0, t01 = 0, t02 = 0, t03 = 0, t04 = 0, t05 = 0, t06 = 0, t07 = 0;
    let i = 0;
    for (; i < whole; i += 8) {
      { const x0 = A[i]!; t00 += Math.abs(x0); }
      { const x0 = A[i + 1]!; t01 += Math.abs(x0); }
      { const x0 = A[i + 2]!; t02 += Math.abs(x0); }
      { const x0 = A[i + 3]!; t03 += Math.abs(x0); }
      { const x0 = A[i + 4]!; t04 += Math.abs(x0); }
      { const x0 = A[i + 5]!; t05 += Math.abs(x0); }
      { const x0 = A[i + 6]!; t06 += Math.abs(x0); }
      { const x0 = A[i + 7]!; t07 += Math.abs(x0); }
    }
    for (; i < n; i++) { const x0 = A[i]!; t00 += Math.abs(x0); }
    s[t[0]!]! += t00 + t01 + t02 + t03 + t04 + t05 + t06 + t07;
  },
  // sgd, clipped; momentum, clipped; nesterov, clipped; adam, clipped; adamw, clipped; lion,
  // clipped
  "N@?BC@@Z@@": (m, { arrays: a, scalars: k, sums: t }, s) => {
    const A = m[a[0]!]!, k0 = s[k[2]!]!, n = A.length, whole = n & -4;
    let t00 = 0, t01 = 0, t02 = 0, t03 = 0;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x1 = x0 * k0; t00 += x1 * x1; }
      { const x0 = A[i + 1]!, x1 = x0 * k0; t01 += x1 * x1; }
      { const x0 = A[i + 2]!, x1 = x0 * k0; t02 += x1 * x1; }
      { const x0 = A[i + 3]!, x1 = x0 * k0; t03 += x1 * x1; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x1 = x0 * k0; t00 += x1 * x1; }
    s[t[0]!]! += t00 + t01 + t02 + t03;
  },
  // sgd, clipped
  "N@?BN@@CV>>@D": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x3 = B[i]!; B[i] = x3 + x0 * k0 * k1 * k2; }
      { const x0 = A[i + 1]!, x3 = B[i + 1]!; B[i + 1] = x3 + x0 * k0 * k1 * k2; }
      { const x0 = A[i + 2]!, x3 = B[i + 2]!; B[i + 2] = x3 + x0 * k0 * k1 * k2; }
      { const x0 = A[i + 3]!, x3 = B[i + 3]!; B[i + 3] = x3 + x0 * k0 * k1 * k2; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x3 = B[i]!; B[i] = x3 + x0 * k0 * k1 * k2; }
  },
  // momentum, clipped
  "N@?BT>>@CDV==>E": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x2 = B[i]!, x3 = x2 * k1 + x0 * k0 * k2, x4 = C[i]!; B[i] = x3; C[i] = x4 + x3 * k3; }
      { const x0 = A[i + 1]!, x2 = B[i + 1]!, x3 = x2 * k1 + x0 * k0 * k2, x4 = C[i + 1]!; B[i + 1] = x3; C[i + 1] = x4 + x3 * k3; }
      { const x0 = A[i + 2]!, x2 = B[i + 2]!, x3 = x2 * k1 + x0 * k0 * k2, x4 = C[i + 2]!; B[i + 2] = x3; C[i + 2] = x4 + x3 * k3; }
      { const x0 = A[i + 3]!, x2 = B[i + 3]!, x3 = x2 * k1 + x0 * k0 * k2, x4 = C[i + 3]!; B[i + 3] = x3; C[i + 3] = x4 + x3 * k3; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x2 = B[i]!, x3 = x2 * k1 + x0 * k0 * k2, x4 = C[i]!; B[i] = x3; C[i] = x4 + x3 * k3; }
  },
  // nesterov, clipped
  "N@?BN@@CV>@>DV@@>DV==@E": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x4 = x2 + x3 * k2, x6 = C[i]!; B[i] = x4; C[i] = x6 + (x2 + x4 * k2) * k3; }
      { const x0 = A[i + 1]!, x2 = x0 * k0 * k1, x3 = B[i + 1]!, x4 = x2 + x3 * k2, x6 = C[i + 1]!; B[i + 1] = x4; C[i + 1] = x6 + (x2 + x4 * k2) * k3; }
      { const x0 = A[i + 2]!, x2 = x0 * k0 * k1, x3 = B[i + 2]!, x4 = x2 + x3 * k2, x6 = C[i + 2]!; B[i + 2] = x4; C[i + 2] = x6 + (x2 + x4 * k2) * k3; }
      { const x0 = A[i + 3]!, x2 = x0 * k0 * k1, x3 = B[i + 3]!, x4 = x2 + x3 * k2, x6 = C[i + 3]!; B[i + 3] = x4; C[i + 3] = x6 + (x2 + x4 * k2) * k3; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x4 = x2 + x3 * k2, x6 = C[i]!; B[i] = x4; C[i] = x6 + (x2 + x4 * k2) * k3; }
  },
  // adam, clipped
  "N@?BN@@CT>>@DEU==@FGX<>=<HI@JK": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, k9 = s[k[11]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x4 = x3 * k2 + x2 * k3, x5 = C[i]!, x6 = x5 * k4 + x2 * x2 * k5, x7 = D[i]!; B[i] = x4; C[i] = x6; D[i] = x7 + x4 * k6 / (Math.sqrt(x6 * k7) + k8) * k9; }
  },
  // adamw, clipped
  "N@?BN@@CT>>@DEU==@FGN@<HX@>=@IJ@KAV<<@L": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, D = m[a[3]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, k8 = s[k[10]!]!, k9 = s[k[11]!]!, k10 = s[k[12]!]!, n = A.length;
    for (let i = 0; i < n; i++) { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x4 = x3 * k2 + x2 * k3, x5 = C[i]!, x6 = x5 * k4 + x2 * x2 * k5, x7 = D[i]!; B[i] = x4; C[i] = x6; D[i] = x7 + (x7 * k6 + x4 * k7 / (Math.sqrt(x6 * k8) + k9)) * k10; }
  },
  // lion, clipped
  "N@?BN@@CTA>@DEEAAT>>@FGVAA=HV==AI": (m, { arrays: a, scalars: k }, s) => {
    const A = m[a[0]!]!, B = m[a[1]!]!, C = m[a[2]!]!, k0 = s[k[2]!]!, k1 = s[k[3]!]!, k2 = s[k[4]!]!, k3 = s[k[5]!]!, k4 = s[k[6]!]!, k5 = s[k[7]!]!, k6 = s[k[8]!]!, k7 = s[k[9]!]!, n = A.length, whole = n & -4;
    let i = 0;
    for (; i < whole; i += 4) {
      { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x7 = C[i]!; B[i] = x3 * k4 + x2 * k5; C[i] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7; }
      { const x0 = A[i + 1]!, x2 = x0 * k0 * k1, x3 = B[i + 1]!, x7 = C[i + 1]!; B[i + 1] = x3 * k4 + x2 * k5; C[i + 1] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7; }
      { const x0 = A[i + 2]!, x2 = x0 * k0 * k1, x3 = B[i + 2]!, x7 = C[i + 2]!; B[i + 2] = x3 * k4 + x2 * k5; C[i + 2] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7; }
      { const x0 = A[i + 3]!, x2 = x0 * k0 * k1, x3 = B[i + 3]!, x7 = C[i + 3]!; B[i + 3] = x3 * k4 + x2 * k5; C[i + 3] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7; }
    }
    for (; i < n; i++) { const x0 = A[i]!, x2 = x0 * k0 * k1, x3 = B[i]!, x7 = C[i]!; B[i] = x3 * k4 + x2 * k5; C[i] = x7 + (signOf(x3 * k2 + x2 * k3) + x7 * k6) * k7; }
  },
};
