// `npm run bench:kernels -- optimizers/bench/onArrays`: a step of Adam, by hand, with `onArrays`, and with it where there is no WebAssembly.
import { adam, chain, clipByGlobalNorm, onArrays } from "../src/index.js";

/** The loop that onArrays is to be measured by. */
function byHand(w: Float32Array): (g: Float32Array) => void {
  const m = new Float32Array(w.length), v = new Float32Array(w.length);
  let t = 0;
  return (g) => {
    t++;
    const c1 = 1 - 0.9 ** t, c2 = 1 - 0.999 ** t;
    for (let i = 0; i < w.length; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
      w[i] = w[i]! - 0.001 * (m[i]! / c1) / (Math.sqrt(v[i]! / c2) + 1e-8);
    }
  };
}

/** What `make` makes where there is no WebAssembly. */
function without<T>(make: () => T): T {
  const there = globalThis.WebAssembly;
  Reflect.deleteProperty(globalThis, "WebAssembly");
  const made = make();
  Object.defineProperty(globalThis, "WebAssembly", { value: there, configurable: true, writable: true });
  return made;
}

/** Nanoseconds a number: the shortest of many runs of some milliseconds, which other programs disturb least. */
function nanoseconds(step: () => void, size: number): number {
  for (let start = performance.now(); performance.now() - start < 150;) step();
  const repeats = Math.max(1, Math.round(6e5 / size));
  let best = Infinity;
  for (let run = 0; run < 20; run++) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) step();
    best = Math.min(best, (performance.now() - start) / repeats);
  }
  return (best * 1e6) / size;
}

const cells = (...columns: readonly string[]): void => console.log(columns.map((cell) => cell.padStart(20)).join(""));
cells("ns a number", "by hand", "onArrays", "clipped as well", "no WebAssembly");
for (const size of [1e2, 1e3, 1e4, 1e5, 1e6]) {
  const g = Float32Array.from({ length: size }, (_, i) => Math.sin(i)), w = (): { w: Float32Array } => ({ w: new Float32Array(size) });
  const loop = byHand(new Float32Array(size)), plain = onArrays(adam(), w()), clipped = onArrays(chain(clipByGlobalNorm(1), adam()), w()), slow = without(() => onArrays(adam(), w()));
  const hand = nanoseconds(() => loop(g), size);
  const ratio = (ns: number): string => `${ns.toFixed(2)} (${(hand / ns).toFixed(1)}×)`;
  cells(String(size), hand.toFixed(2), ...[plain, clipped, slow].map((optimizer) => ratio(nanoseconds(() => optimizer.step({ w: g }), size))));
}
