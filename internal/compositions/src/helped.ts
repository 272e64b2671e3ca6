import { wasm } from "@tenon/wasm";

const n = 1000;

/**
 * Whether other threads take part in steps of the engine as it comes, and whether the values are
 * right.
 *
 * A value does not show which thread computed it. So the caller is late: once it has woken the
 * others it waits until part of the result is there. Then the code under test did not compute it.
 */
export async function helped(): Promise<{
  readonly threads: number;
  readonly helped: boolean;
  readonly right: boolean;
}> {
  const late = lateCaller();
  try {
    const { threads, compile } = await wasm();
    const program = compile(
      ({ w }) => ({ state: { w: w.add(1) }, outputs: {} }),
      { w: { shape: [n, n], dtype: "float32", data: new Float32Array(n * n) } },
      {},
    );
    let steps = 0;
    while (steps < 1 || (threads > 1 && steps < 100 && !late.helped())) {
      program.step({});
      steps++;
      await new Promise((resolve) => setTimeout(resolve, 5)); // a page starts no worker meanwhile
    }
    // Helpers hold some programs only, and are replaced after they let some go.
    let right = program.state().w.data.every((x) => x === steps);
    for (let k = 0; k < 80; k++) {
      const another = compile(
        ({ w }) => ({ state: { w: w.add(k) }, outputs: {} }),
        { w: { shape: [100, 100], dtype: "float32", data: new Float32Array(1e4) } },
        {},
      );
      another.step({});
      another.step({});
      right &&= another.state().w.data.every((x) => x === 2 * k);
      if (k % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { threads, helped: late.helped(), right };
  } finally {
    late.stop();
  }
}

/**
 * Modules made from now on, by this thread, whose memory is shared, start to run when others have
 * written to it, or after a while.
 */
function lateCaller(): { helped(): boolean; stop(): void } {
  const { Instance } = WebAssembly;
  let hasHelped = false;
  const late = (
    module: WebAssembly.Module,
    imports: { readonly env: { readonly memory: WebAssembly.Memory } },
  ): Pick<WebAssembly.Instance, "exports"> => {
    const { exports } = new Instance(module, imports as never);
    const { memory } = imports.env;
    // The program is the first in this memory.
    const size = Math.min(memory.buffer.byteLength / 4, 2 * n * n);
    if (!Object.prototype.toString.call(memory.buffer).includes("Shared")) return { exports };
    const run = (...args: number[]): unknown => {
      const words = new Int32Array(memory.buffer, 0, size);
      const before = words.slice();
      const began = performance.now();
      // More than threads count by.
      while (!hasHelped && performance.now() - began < 200)
        hasHelped = words.reduce((count, word, i) => count + Number(word !== before[i]), 0) > 1000;
      return (exports["run"] as (...args: number[]) => unknown)(...args);
    };
    return { exports: { ...exports, run } };
  };
  // A function that returns an object gives that object also when it is called with `new`.
  WebAssembly.Instance = function (module: never, imports: never) {
    return late(module, imports);
  } as never;
  return {
    helped: () => hasHelped,
    stop: () => {
      WebAssembly.Instance = Instance;
    },
  };
}
