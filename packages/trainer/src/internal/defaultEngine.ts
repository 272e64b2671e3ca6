import type { Engine } from "@tenon/contracts";
import { reference, type Tensor } from "@tenon/tensor";

/** How many milliseconds steps may take before the warning. */
const patience = 1000;

/**
 * The reference engine, for a caller who gives none. It is made for checking other engines: when
 * its steps have taken a second, it warns once on the console.
 */
export function defaultEngine(caller: string): Engine<Tensor> {
  const engine = reference();
  let spent = 0;
  const count = (milliseconds: number): void => {
    if (spent >= patience) return;
    spent += milliseconds;
    if (spent < patience) return;
    const { console } = globalThis as { console?: { warn(text: string): void } };
    console?.warn(
      `${caller}: no engine was given, so the slow reference engine computes; its steps have ` +
        `taken ${(spent / 1000).toFixed(1)} s. Give engine: await wasm(), of @tenon/wasm, which ` +
        "is fast, or engine: reference() to silence this warning",
    );
  };
  return {
    ...engine,
    compile(step, start, inputs) {
      const program = engine.compile(step, start, inputs);
      return {
        ...program,
        step(feeds) {
          const began = performance.now();
          const outputs = program.step(feeds);
          count(performance.now() - began);
          return outputs;
        },
      };
    },
  };
}
