import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { checkTransform } from "./internal/checkTransform.js";
import { mapPaths } from "./internal/mapPaths.js";

/**
 * One transform after another; position decides: `addDecayedWeights` before `scaleByAdam` is L2,
 * after it AdamW.
 *
 * Slots are named by transform, `"scaleByAdam/m"`; those of the second transform of a name that has
 * slots are `"trace#2/v"`. A chain inside a chain is the same as its transforms one by
 * one, so that wrapping does not rename saved slots.
 *
 * @throws RangeError if one of them is not a transform
 */
export function chain(...transforms: readonly Transform[]): Transform {
  for (const transform of transforms) checkTransform("chain", transform);
  /** The names that each transform's slots have in the chain. */
  function names(shapes: ByPath<Shape>): {
    readonly transform: Transform;
    readonly specs: ByPath<ByPath<SlotSpec>>;
    readonly outside: ReadonlyMap<string, string>;
  }[] {
    const taken = new Map<string, number>();
    return transforms.map((transform) => {
      const specs = transform.slots(shapes);
      const heads = new Map<string, string>();
      const outside = new Map<string, string>();
      for (const slot of Object.keys(specs)) {
        const cut = slot.indexOf("/");
        const head = cut < 0 ? slot : slot.slice(0, cut);
        const rest = cut < 0 ? "" : slot.slice(cut);
        if (!heads.has(head)) {
          const name = head.replace(/#\d+$/, "");
          const count = (taken.get(name) ?? 0) + 1;
          taken.set(name, count);
          heads.set(head, count === 1 ? name : `${name}#${count}`);
        }
        outside.set(slot, heads.get(head)! + rest);
      }
      return { transform, specs, outside };
    });
  }
  return {
    name: "chain",
    slots: (shapes) =>
      Object.fromEntries(
        names(shapes).flatMap(({ specs, outside }) =>
          Object.entries(specs).map(([slot, spec]) => [outside.get(slot)!, spec]),
        ),
      ),
    update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T> {
      let { updates, slots } = flow;
      for (const { transform, outside } of names(mapPaths(flow.params, ({ shape }) => shape))) {
        const inner = Object.fromEntries(
          [...outside].map(([inside, name]) => [inside, slots[name]!]),
        );
        const after = transform.update({ updates, params: flow.params, slots: inner }, clock);
        updates = after.updates;
        slots = {
          ...slots,
          ...Object.fromEntries([...outside].map(([inside, name]) => [name, after.slots[inside]!])),
        };
      }
      return { updates, params: flow.params, slots };
    },
  };
}
