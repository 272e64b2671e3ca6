import type { Engine } from "@tenon/contracts";
import { reference, type Tensor } from "@tenon/tensor";

/** After so many milliseconds of steps a caller who named no engine is told of a faster one. */
const patience = 1000;

/**
 * The reference engine, for a caller who names none. It is made for checking other engines: where
 * its steps have taken a second, it says so once, as a warning on the console.
 */
export function defaultEngine(caller: string): Engine<Tensor> {
  const engine = reference();
  let spent = 0;
  let said = false;
  const count = (milliseconds: number): void => {
    spent += milliseconds;
    if (said || spent < patience) return;
    said = true;
    const { console } = globalThis as { console?: { warn(text: string): void } };
    console?.warn(
      `${caller}: no engine was given, so the slow reference engine computes; its steps have ` +
        "taken " +
        `${(spent / 1000).toFixed(1)} s. Give engine: await wasm(), of @tenon/wasm, which is ` +
        "made for " +
        "speed, or engine: reference() to hear no more of it",
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
