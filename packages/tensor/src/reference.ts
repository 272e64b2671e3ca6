import type {
  ArraySpec,
  Engine,
  Feed,
  Leaves,
  NDArray,
  Elements,
  Program,
  StepFunction,
  Tree,
} from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { checkedState, feeder, elementsFed, type Feeder } from "./feeds.js";
import { evaluate } from "./internal/evaluate.js";
import type { Tensor } from "./tensor.js";
import { traceOf } from "./trace.js";
import { leaves, mapLeaves } from "./tree.js";

/** In which precision float32 tensors are computed; float64 is for checks. */
export type Precision = "float32" | "float64";

export interface ReferenceOptions {
  /**
   * float64 computes float32 tensors with all the digits that JavaScript has: for checks.
   * @defaultValue "float32"
   */
  readonly precision?: Precision;
}

/**
 * The slow, simple engine: plain TypeScript, one operation after the other, sums in float64. The
 * oracle of every other engine.
 */
export function reference(options: ReferenceOptions = {}): Engine<Tensor> {
  const { precision = "float32" } = known("reference", options, "precision");
  if (precision !== "float32" && precision !== "float64")
    throw badArgument("reference", 'precision "float32" or "float64"', shown(precision));
  return {
    name: precision === "float32" ? "reference" : "reference (float64)",
    threads: 1,
    compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
      step: StepFunction<Tensor, S, I, O>,
      start: S,
      inputs: I,
    ): Program<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
      const { stateIn, inputsIn, stateOut, outputs } = traceOf(step, start, inputs);
      const stateLeaves = leaves<Tensor>(stateIn).map(([, x]) => x);
      const results = [...stateOut, ...leaves<Tensor>(outputs).map(([, x]) => x)];
      const stored = (name: string, next: S): NDArray[] =>
        checkedState(name, start, next).map((array) => copy(array, precision));
      const places = feeder(inputsIn);
      let state = stored("compile", start);

      return {
        step(feeds) {
          const given = new Map<Tensor, NDArray>();
          stateLeaves.forEach((x, i) => given.set(x, state[i]!));
          for (const [x, array] of allFed(places, feeds, precision)) given.set(x, array);
          const values = evaluate(results, given, precision);
          state = values.slice(0, stateLeaves.length);
          let index = stateLeaves.length;
          return mapLeaves(outputs, () => copy(values[index++]!, precision));
        },
        state() {
          let index = 0;
          return mapLeaves(start as Tree<NDArray>, () => copy(state[index++]!, precision)) as S;
        },
        load(next) {
          state = stored("load", next);
        },
      };
    },
  };
}

/**
 * What each placeholder is fed: its own copy, of the placeholder's kind.
 *
 * @throws if one is fed nothing, another shape, another kind, or values that are no integers for
 *   int32; if something is fed to none
 */
export function fed(
  inputs: Tree<Tensor>,
  feeds: unknown,
  precision: Precision = "float32",
): [Tensor, NDArray][] {
  return allFed(feeder(inputs), feeds, precision);
}

function allFed(inputs: Feeder, feeds: unknown, precision: Precision): [Tensor, NDArray][] {
  const found: [Tensor, NDArray][] = [];
  inputs.each(feeds, (place, feed) => {
    const { shape, dtype } = place.x;
    found.push([
      place.x,
      copy({ shape, dtype, data: elementsFed(place, feed) as Elements }, precision),
    ]);
  });
  return found;
}

function copy({ shape, dtype, data }: NDArray, precision: Precision): NDArray {
  const kind =
    dtype === "int32" ? Int32Array : precision === "float64" ? Float64Array : Float32Array;
  return { shape, dtype, data: kind.from(data) };
}
