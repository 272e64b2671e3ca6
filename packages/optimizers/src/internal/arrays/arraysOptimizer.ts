import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { initSlots } from "../../initSlots.js";
import { checkTransform } from "../checkTransform.js";
import { differences } from "../differences.js";
import { mapPaths } from "../mapPaths.js";
import { savable, valuesOf, type SavedValues } from "../saved.js";
import {
  checkByName,
  checkGradients,
  dataOf,
  parameterEntry,
  type Parameter,
} from "./arguments.js";
import { interpreter, type CompiledLoops } from "./interpreter.js";
import { planTransform } from "./planTransform.js";
import type { vectors as compileVectors } from "./vectors.js";

/**
 * The slots of an optimizer, by slot (`"scaleByAdam/m"`) and parameter path, and its step count.
 */
export interface OptimizerState {
  readonly step: number;
  readonly slots: ByPath<ByPath<NDArray>>;
}

/** A state to load: also one that went through JSON. */
export interface SavedOptimizerState {
  readonly step: number;
  readonly slots: ByPath<ByPath<{ readonly shape: Shape; readonly data: SavedValues }>>;
}

/** An optimizer that updates arrays of the caller. */
export interface ArraysOptimizer {
  /** Steps taken so far. */
  readonly steps: number;
  /**
   * Changes the parameters in place by one step along these gradients (of the parameters' names and
   * lengths, which are checked before anything changes).
   *
   * @param loss that they are the gradients of, for the few rules that read it
   */
  step(gradients: ByPath<Parameter>, loss?: number): void;
  /**
   * A copy of the slots and the step count. JSON.stringify writes it so that `load` finds the same
   * values, bit for bit, infinities, −0 and NaN among them.
   */
  state(): OptimizerState;
  /**
   * Continues from a state. Throws, showing the difference, and changes nothing unless the state
   * has the same names and shapes.
   */
  load(state: SavedOptimizerState): void;
}

/** What makes it fast. */
export interface Accelerators {
  /** Loops that were compiled ahead of time. */
  readonly compiled: CompiledLoops;
  /** Compiles loops as WebAssembly. */
  readonly vectors: typeof compileVectors;
}

/** What `onArrays` and `onSmallArrays` share; the first one passes what makes it fast. */
export function arraysOptimizer(
  name: string,
  transform: Transform,
  params: ByPath<Parameter>,
  { compiled = {}, vectors = () => undefined }: Partial<Accelerators>,
): ArraysOptimizer {
  checkTransform(name, transform);
  checkByName(name, "arrays by name", params);
  const entries = mapPaths(params, (array, path) => parameterEntry(name, array, path));
  const paths = Object.keys(entries);
  const parameterArrays = new Set(paths.map((path) => entries[path]!.data));
  const initialSlots = initSlots(
    transform,
    mapPaths(entries, ({ shape, data }): NDArray => ({ shape, data, dtype: "float32" })),
  );
  let loss: number | undefined;
  const { plan, arrays, slotIndex } = planTransform(name, transform, entries, initialSlots, () => {
    if (typeof loss === "number") return loss;
    throw badArgument("step", "a loss", shown(loss), "give step(gradients, loss)");
  });
  const inWasm = vectors(plan, arrays, 2 * paths.length);
  const machine = interpreter(plan, inWasm?.arrays ?? arrays, compiled, inWasm);
  const slots = mapPaths(initialSlots, (byPath, slot) =>
    mapPaths(byPath, (array, path) => ({
      ...array,
      data: machine.arrays[slotIndex(slot, path)]!,
    })),
  );
  let steps = 0;

  return {
    get steps() {
      return steps;
    },
    step(gradients, itsLoss) {
      loss = itsLoss;
      checkGradients(gradients, entries, paths);
      for (let i = 0; i < paths.length; i++) {
        const gradient = dataOf(gradients[paths[i]!]!);
        // a parameter as a gradient is read as it was before the step
        machine.arrays[i] = parameterArrays.has(gradient) ? gradient.slice() : gradient;
      }
      machine.run(steps);
      // keep no reference to the caller's gradients
      for (let i = 0; i < paths.length; i++) machine.arrays[i] = entries[paths[i]!]!.data;
      steps++;
    },
    state: () => ({
      step: steps,
      slots: mapPaths(slots, (byPath) =>
        mapPaths(byPath, ({ shape, dtype, data }) => savable({ shape, dtype, data: data.slice() })),
      ),
    }),
    load(state) {
      checkState(state, slots, transform.name);
      for (const [slot, byPath] of Object.entries(slots))
        for (const [path, { data }] of Object.entries(byPath))
          data.set(valuesOf(state.slots[slot]![path]!.data) as ArrayLike<number>);
      steps = state.step;
    },
  };
}

/** Throws unless a state has these slots, in these shapes. */
function checkState(
  state: SavedOptimizerState,
  slots: ByPath<ByPath<NDArray>>,
  transform: string,
): void {
  checkByName("load", "a state as state() gives it, { step, slots }", state);
  const wrong = differences(slots, state.slots);
  if (!Number.isSafeInteger(state.step) || state.step < 0)
    wrong.unshift(`step: expected a whole number ≥ 0, got ${String(state.step)}`);
  if (wrong.length > 0)
    throw badArgument(
      "load",
      `the state of this optimizer (${transform})`,
      `another one:\n  ${wrong.join("\n  ")}`,
    );
}
