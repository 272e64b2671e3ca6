import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import { applyUpdates } from "../applyUpdates.js";
import type { Floats } from "./interpret.js";
import { mapPaths } from "./mapPaths.js";
import { plan, type Output, type Plan } from "./plan.js";
import { same, tape, type Value } from "./tape.js";

/** An array of numbers and its shape. */
export interface Entry {
  readonly shape: Shape;
  readonly data: Floats;
}

/** A transform's step as a plan. */
export interface Recorded {
  readonly recorded: Plan;
  /**
   * What it reads and writes: gradients first, in the order of the parameters, whose arrays hold
   * their places; then the parameters; then what is remembered.
   */
  readonly arrays: readonly Floats[];
  /** Where a slot's array is among them. */
  slotAt(slot: string, path: string): number;
}

/**
 * Writes down what a transform does to parameters and slots. Throws if it loses one, or its shape.
 */
export function record(
  transform: Transform,
  params: ByPath<Entry>,
  slots: ByPath<ByPath<NDArray>>,
): Recorded {
  const arrays: Floats[] = [];
  const outputs: Output[] = [];
  const written = tape();
  const input = ({ shape, data }: Entry): Value => written.array(arrays.push(data) - 1, shape);
  const updates = mapPaths(params, input);
  const before = mapPaths(params, input);
  const remembered = mapPaths(slots, (byPath) => mapPaths(byPath, (slot) => input(slot as Entry)));
  const after = transform.update<Value>(
    { updates, params: before, slots: remembered },
    { value: written.clock },
  );

  const store = (what: string, value: Value | undefined, into: Value): void => {
    if (!value || !same(value.shape, into.shape)) {
      throw new Error(
        `onArrays: expected ${transform.name} to keep the shape [${into.shape.join(", ")}] of ${what}, got ${value ? `[${value.shape.join(", ")}]` : "nothing"}`,
      );
    }
    if (value !== into) outputs.push({ value, array: indexOf(into) });
  };
  const next = applyUpdates(before, after.updates);
  for (const path of Object.keys(params)) store(`parameter "${path}"`, next[path], before[path]!);
  for (const [slot, byPath] of Object.entries(remembered)) {
    for (const [path, into] of Object.entries(byPath))
      store(`slot "${slot}" of "${path}"`, after.slots[slot]?.[path], into);
  }
  return {
    recorded: plan(outputs, arrays.length),
    arrays,
    slotAt: (slot, path) => indexOf(remembered[slot]![path]!),
  };
}

const indexOf = (value: Value): number => (value.origin as { readonly index: number }).index;
