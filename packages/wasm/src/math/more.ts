import type { VectorFunctions } from "@tenon/emit";
import { erf, expm1, log1p, log2, sigmoid, tanh } from "./float32More.js";
import { erfc, pow } from "./exponentials.js";
import { remainder } from "./float64.js";
import { sine } from "./sine.js";

/** Elementwise functions that many networks do without. */
export const moreFunctions: VectorFunctions = {
  expm1,
  log1p,
  log2,
  sigmoid,
  tanh,
  erf,
  erfc: (f, a) => erfc(f, a, false),
  normalCdf: (f, a) => erfc(f, a, true),
  sin: (f, a) => sine(f, a, 0),
  cos: (f, a) => sine(f, a, 1),
  pow,
  remainder,
};
