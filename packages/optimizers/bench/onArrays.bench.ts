// `npm run bench:kernels -- optimizers/bench`: a step of each rule, by hand, with `onArrays`, and
// with it where there is no WebAssembly.
import { spawnSync } from "node:child_process";
import { onArrays } from "../src/index.js";
import { rules, type Step } from "./byHand.js";

/** Calls `make` where there is no WebAssembly. */
function without<T>(make: () => T): T {
  const saved = globalThis.WebAssembly;
  Reflect.deleteProperty(globalThis, "WebAssembly");
  const result = make();
  Object.defineProperty(globalThis, "WebAssembly", {
    value: saved,
    configurable: true,
    writable: true,
  });
  return result;
}

/** Pseudorandom values between −1 and 1. */
const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    const x = Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  });

/**
 * Nanoseconds per element of each way: they run alternately, and the shortest run of some
 * milliseconds counts, which other programs disturb least.
 */
function nanoseconds(ways: readonly Step[], gradients: readonly Float32Array[]): number[] {
  const size = gradients[0]!.length;
  const repeats = Math.max(1, Math.round(3e5 / size));
  const best = ways.map(() => Infinity);
  let index = 0;
  const run = (step: Step): number => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) step(gradients[index++ % gradients.length]!);
    return ((performance.now() - start) * 1e6) / repeats / size;
  };
  for (const step of ways)
    // until it is compiled
    for (let start = performance.now(); performance.now() - start < 60;) run(step);
  for (let round = 0; round < 25; round++)
    ways.forEach((step, i) => {
      best[i] = Math.min(best[i]!, run(step));
    });
  return best;
}

const sizes = [1e3, 1e4, 1e5, 1e6];
const columns = (first: string, ...others: readonly string[]): void =>
  console.log(first.padEnd(14) + others.map((cell) => cell.padStart(16)).join(""));

/** All rules, on `size` elements. */
function bench(size: number): void {
  console.log();
  columns(`of ${size}`, "by hand", "WebAssembly", "none");
  const long = noise(size + 64 * 1024, 1);
  // Another gradient at each step, as in training: the signs of one that stays are predicted by the
  // processor.
  const gradients = Array.from({ length: 64 }, (_, i) => long.subarray(1024 * i, 1024 * i + size));
  for (const [name, { transform, byHand }] of Object.entries(rules)) {
    const hand = noise(size, 2);
    const w = hand.slice();
    const slow = hand.slice();
    const fast = onArrays(transform, { w });
    const plain = without(() => onArrays(transform, { w: slow }));
    const ways: readonly Step[] = [
      byHand(hand),
      (g) => fast.step({ w: g }),
      (g) => plain.step({ w: g }),
    ];
    for (const g of gradients.slice(0, 10)) for (const step of ways) step(g);
    for (const other of [w, slow])
      if (!other.every((x, i) => Math.abs(x - hand[i]!) < 1e-4))
        throw new Error(`${name}: expected what the loop by hand computes, got other values`);
    const [base, ...others] = nanoseconds(ways, gradients) as [number, number, number];
    columns(
      name,
      base.toFixed(2),
      ...others.map((ns) => `${ns.toFixed(2)} (${(base / ns).toFixed(2)}×)`),
    );
  }
}

// Each size in its own process: a loop by hand is fastest while it has run on one array only.
const [, file, size] = process.argv;
if (size) bench(Number(size));
else {
  console.log("nanoseconds per element, and the speedup over the loop by hand");
  for (const length of sizes)
    if (spawnSync(process.execPath, [file!, String(length)], { stdio: "inherit" }).status !== 0)
      process.exitCode = 1;
}
