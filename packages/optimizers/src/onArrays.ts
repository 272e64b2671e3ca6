import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import { noOptions, shown } from "@tenon/guards";
import { initSlots } from "./initSlots.js";
import { aTransform } from "./internal/aTransform.js";
import { differences } from "./internal/differences.js";
import { interpreter, type Floats } from "./internal/interpret.js";
import { mapPaths } from "./internal/mapPaths.js";
import { record, type Entry } from "./internal/record.js";
import { numbersOf, savable, type SavedNumbers } from "./internal/saved.js";
import { same, sizeOf } from "./internal/tape.js";
import { vectors } from "./internal/vectors.js";

export type { SavedNumbers };

/** An array of numbers as a vector, or with its shape. */
export type Parameter =
  | Float32Array
  | Float64Array
  | { readonly shape: Shape; readonly data: Float32Array | Float64Array };

/**
 * What an optimizer remembers, by slot (`"scaleByAdam/m"`) and parameter path, and how many steps
 * it has made.
 */
export interface OptimizerState {
  readonly step: number;
  readonly slots: ByPath<ByPath<NDArray>>;
}

/** A state that is read back: also one that went through JSON. */
export interface SavedOptimizerState {
  readonly step: number;
  readonly slots: ByPath<ByPath<{ readonly shape: Shape; readonly data: SavedNumbers }>>;
}

/** An optimizer at work on arrays of your own. */
export interface ArraysOptimizer {
  /** Steps taken so far. */
  readonly steps: number;
  /**
   * Changes the parameters in place by one step along these gradients (of the parameters' names and
   * lengths, which are checked before anything changes).
   */
  step(gradients: ByPath<Parameter>): void;
  /**
   * A copy of what it remembers. JSON.stringify writes it so that `load` finds the same numbers,
   * bit for bit, infinities, −0 and NaN among them.
   */
  state(): OptimizerState;
  /**
   * Goes on from a state. Throws, showing the difference, and changes nothing unless it has the
   * same names and shapes.
   */
  load(state: SavedOptimizerState): void;
}

/**
 * Runs a transform on plain typed arrays, in place: it is recorded once, and its record runs in one
 * pass over each parameter (after one more for each norm it needs), without allocation.
 *
 * Where WebAssembly may be compiled, long Float32Arrays are stepped by its vectors: each operation
 * is rounded to float32, sums are float64. Elsewhere arithmetic is float64 inside, and what is
 * stored in a Float32Array is rounded once a step. A gradient that is NaN makes what it touches
 * NaN, as in a loop written by hand; look at the loss before the step.
 *
 * @param params arrays by name; they are kept, not copied. Bare arrays are vectors; give `{ shape,
 *   data }` where a transform looks at shapes.
 * @throws if the transform is none, or a parameter is no Float32Array or Float64Array or does not
 *   fit its shape
 */
export function onArrays(transform: Transform, params: ByPath<Parameter>): ArraysOptimizer {
  noOptions("onArrays", arguments[2]);
  aTransform("onArrays", transform);
  checkByName("onArrays", "arrays by name", params);
  const entries = mapPaths(params, (param, path) => entry("parameter", param, path));
  const paths = Object.keys(entries);
  const own = new Set(paths.map((path) => entries[path]!.data));
  const start = initSlots(
    transform,
    mapPaths(entries, ({ shape, data }): NDArray => ({ shape, data, dtype: "float32" })),
  );
  const { recorded, arrays, slotAt } = record(transform, entries, start);
  const faster = vectors(recorded, arrays, 2 * paths.length);
  const machine = interpreter(recorded, faster?.arrays ?? arrays, faster);
  const slots = mapPaths(start, (byPath, slot) =>
    mapPaths(byPath, (one, path) => ({ ...one, data: machine.arrays[slotAt(slot, path)]! })),
  );
  let steps = 0;

  return {
    get steps() {
      return steps;
    },
    step(gradients) {
      checkByName("step", "gradients by name", gradients);
      for (let i = 0; i < paths.length; i++)
        checkGradient(gradients, paths[i]!, entries[paths[i]!]!);
      for (const path in gradients)
        if (!Object.hasOwn(entries, path))
          throw new Error(
            `step: expected gradients of ${quoted(paths)}, got also one of "${path}"`,
          );
      for (let i = 0; i < paths.length; i++) {
        const gradient = dataOf(gradients[paths[i]!]!);
        // a parameter as a gradient is read as it was before the step
        machine.arrays[i] = own.has(gradient) ? gradient.slice() : gradient;
      }
      machine.run(steps);
      // the gradients are yours again
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
      checkByName("load", "a state as state() gives it, { step, slots }", state);
      const wrong = differences(slots, state.slots);
      if (!Number.isSafeInteger(state.step) || state.step < 0)
        wrong.unshift(`step: expected a whole number ≥ 0, got ${String(state.step)}`);
      if (wrong.length > 0)
        throw new Error(
          `load: expected the state of this optimizer (${transform.name}), got another one:\n  ` +
            `${wrong.join("\n  ")}`,
        );
      for (const [slot, byPath] of Object.entries(slots))
        for (const [path, { data }] of Object.entries(byPath))
          // there are no differences
          data.set(numbersOf(state.slots[slot]![path]!.data) as ArrayLike<number>);
      steps = state.step;
    },
  };
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function checkByName(name: string, expected: string, given: unknown): void {
  if (
    typeof given !== "object" ||
    given === null ||
    Array.isArray(given) ||
    ArrayBuffer.isView(given)
  )
    throw new TypeError(`${name}: expected ${expected}, got ${shown(given)}`);
}

function dataOf(array: Parameter): Floats {
  return ArrayBuffer.isView(array) ? array : array.data;
}

function isFloats(data: unknown): data is Floats {
  const tag = (data as { [Symbol.toStringTag]?: string } | null | undefined)?.[Symbol.toStringTag];
  return tag === "Float32Array" || tag === "Float64Array";
}

function entry(what: string, array: Parameter, path: string): Entry {
  const data = array === null || array === undefined ? undefined : dataOf(array);
  if (!isFloats(data))
    throw new TypeError(
      `onArrays: expected ${what} "${path}" to be a Float32Array, a Float64Array or { shape, ` +
        `data }, got ${nameOf(data ?? array)}`,
    );
  const shape = ArrayBuffer.isView(array) ? [data.length] : array.shape;
  if (!Array.isArray(shape))
    throw new TypeError(
      `onArrays: expected ${what} "${path}" to have a shape, got ${shown(shape)}`,
    );
  if (sizeOf(shape) !== data.length)
    throw new RangeError(
      `onArrays: expected ${what} "${path}" of shape [${shape.join(", ")}] to have ` +
        `${sizeOf(shape)} numbers, got ${data.length}`,
    );
  return { shape: [...shape], data };
}

function checkGradient(gradients: ByPath<Parameter>, path: string, { shape, data }: Entry): void {
  if (!Object.hasOwn(gradients, path))
    throw new Error(
      `step: expected a gradient of "${path}", got none; give one to every parameter, zeros if ` +
        "it is to rest",
    );
  const gradient = gradients[path]!;
  const numbers = gradient && dataOf(gradient);
  if (!isFloats(numbers))
    throw new TypeError(
      `step: expected the gradient of "${path}" to be a Float32Array, a Float64Array or { ` +
        `shape, data }, got ${nameOf(numbers ?? gradient)}`,
    );
  if (numbers.length !== data.length)
    throw new RangeError(
      `step: expected the gradient of "${path}" to have ${data.length} numbers, got ` +
        `${numbers.length}`,
    );
  if (!ArrayBuffer.isView(gradient) && !same(gradient.shape, shape))
    throw new RangeError(
      `step: expected the gradient of "${path}" to have the shape [${shape.join(", ")}], got ` +
        `[${gradient.shape.join(", ")}]`,
    );
}

function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
