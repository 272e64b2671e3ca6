// `npm run bench:kernels -- random`. Each task draws 10⁶ numbers, so that the column "mean", in
// milliseconds, reads as nanoseconds per random number. The build is measured because the test
// runner's own wrapping of imports would cost more than a number does.
import { bench, describe } from "vitest";
import {
  integer,
  log,
  normal,
  permutation,
  random,
  truncatedNormal,
  uniformAt,
} from "../dist/index.js";

const source = random(1);
let sum = 0; // keeps the values from being optimized away

describe("nanoseconds per random number (mean, ms per million)", () => {
  bench("Math.random", () => {
    for (let i = 0; i < 1e6; i++) sum += Math.random();
  });
  bench("random(seed)", () => {
    for (let i = 0; i < 1e6; i++) sum += source();
  });
  bench("uniformAt", () => {
    sum += uniformAt(1, 2, 3, 1e6)[0];
  });
  bench("normal", () => {
    for (let i = 0; i < 1e6; i++) sum += normal(source);
  });
  bench("truncatedNormal", () => {
    for (let i = 0; i < 1e6; i++) sum += truncatedNormal(source);
  });
  bench("integer", () => {
    for (let i = 0; i < 1e6; i++) sum += integer(source, 0, 1000);
  });
  bench("permutation", () => {
    sum += permutation(source, 1e6)[0];
  });
  bench("log", () => {
    for (let i = 0; i < 1e6; i++) sum += log(0.1 + i * 1e-6);
  });
  bench("Math.log", () => {
    for (let i = 0; i < 1e6; i++) sum += Math.log(0.1 + i * 1e-6);
  });
});
