import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { adam, chain, clipByGlobalNorm, onArrays } from "../src/index.js";

test.each(["with WebAssembly", "without"])(
  "a step %s allocates nothing but the few scalars of the clock, however large " + "the arrays",
  (how) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    for (const size of [100, 20_000, 100_000]) {
      const params = { w: new Float32Array(size), b: new Float32Array(10) };
      const gradients = { w: new Float32Array(size).fill(1), b: new Float32Array(10).fill(1) };
      if (how === "without") vi.stubGlobal("WebAssembly", undefined);
      const optimizer = onArrays(
        chain(clipByGlobalNorm(1), adam({ learningRate: (step) => 1 / (step + 1) })),
        params,
      );
      vi.unstubAllGlobals();
      const steps = 500;
      const bytes = (): number => {
        collect();
        const before = process.memoryUsage().heapUsed;
        for (let i = 0; i < steps; i++) optimizer.step(gradients);
        return (process.memoryUsage().heapUsed - before) / steps;
      };
      for (let i = 0; i < 3; i++) bytes(); // until it is compiled
      expect(Math.min(bytes(), bytes(), bytes()), `${size} elements`).toBeLessThan(1500);
    }
  },
);
