import type { ByPath, NDArray, Shape, Transform } from "@tenon/contracts";
import { badArgument, sameShape } from "@tenon/guards";
import { applyUpdates } from "../../applyUpdates.js";
import { mapPaths } from "../mapPaths.js";
import type { Floats } from "./floats.js";
import { graph, type Node } from "./graph.js";
import { plan, type Output, type Plan } from "./plan.js";

/** An array with its shape. */
export interface Entry {
  readonly shape: Shape;
  readonly data: Floats;
}

/** A transform's step as a plan. */
export interface PlannedTransform {
  readonly plan: Plan;
  /**
   * The plan's arrays: gradients first, in the order of the parameters, whose arrays stand in their
   * positions until a step; then the parameters; then the slots.
   */
  readonly arrays: readonly Floats[];
  /** The index of a slot's array. */
  slotIndex(slot: string, path: string): number;
}

/**
 * Traces what a transform does to parameters and slots, and plans it. Throws if it loses one, or
 * changes its shape.
 *
 * @param name of the function that was called
 * @param loss of the present step
 */
export function planTransform(
  name: string,
  transform: Transform,
  params: ByPath<Entry>,
  slots: ByPath<ByPath<NDArray>>,
  loss: () => number,
): PlannedTransform {
  const arrays: Floats[] = [];
  const outputs: Output[] = [];
  const traced = graph();
  const input = ({ shape, data }: Entry): Node => traced.array(arrays.push(data) - 1, shape);
  const updates = mapPaths(params, input);
  const paramsBefore = mapPaths(params, input);
  const slotsBefore = mapPaths(slots, (byPath) => mapPaths(byPath, (slot) => input(slot as Entry)));
  const after = transform.update<Node>(
    { updates, params: paramsBefore, slots: slotsBefore },
    { value: traced.clock, loss: traced.clock(loss) },
  );

  const store = (what: string, node: Node | undefined, into: Node): void => {
    if (!node || !sameShape(node.shape, into.shape))
      throw badArgument(
        name,
        `${transform.name} to keep the shape [${into.shape.join(", ")}] of ${what}`,
        node ? `[${node.shape.join(", ")}]` : "nothing",
      );
    if (node !== into) outputs.push({ node, array: arrayIndex(into) });
  };
  const paramsAfter = applyUpdates(paramsBefore, after.updates);
  for (const path of Object.keys(params))
    store(`parameter "${path}"`, paramsAfter[path], paramsBefore[path]!);
  for (const [slot, byPath] of Object.entries(slotsBefore))
    for (const [path, into] of Object.entries(byPath))
      store(`slot "${slot}" of "${path}"`, after.slots[slot]?.[path], into);
  return {
    plan: plan(outputs, arrays.length),
    arrays,
    slotIndex: (slot, path) => arrayIndex(slotsBefore[slot]![path]!),
  };
}

const arrayIndex = ({ op }: Node): number => (op as { readonly index: number }).index;
