import { bench, describe } from "vitest";
import { adam, onArrays } from "../src/index.js";

/** The loop that onArrays is to be measured by. */
export function byHand(w: Float32Array): (g: Float32Array) => void {
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

for (const size of [1e3, 1e4, 1e5, 1e6]) {
  describe(`adam, ${size} numbers`, () => {
    const g = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const loop = byHand(new Float32Array(size));
    const optimizer = onArrays(adam(), { w: new Float32Array(size) });
    bench("by hand", () => loop(g));
    bench("onArrays", () => optimizer.step({ w: g }));
  });
}
