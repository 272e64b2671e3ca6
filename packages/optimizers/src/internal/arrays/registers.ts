import type { Node } from "./graph.js";
import type { Instruction } from "./loop.js";
import { addressOf, type Addresses, type Draft, type Place } from "./select.js";

/**
 * Gives registers to the nodes that have no address. A register is free again after its last use,
 * also for the result of the instruction that uses it last.
 */
export function allocate(
  drafts: readonly Draft[],
  addresses: Addresses,
): { readonly instructions: Instruction[]; readonly registers: number } {
  const needsRegister = (place: Place): place is Node =>
    typeof place !== "number" && addressOf(place, addresses) === 0;
  const lastUse = new Map<Node, number>();
  drafts.forEach(({ out, operands }, i) => {
    for (const place of [out, ...operands]) if (needsRegister(place)) lastUse.set(place, i);
  });
  const registerOf = new Map<Node, number>();
  const free: number[] = [];
  let registers = 0;
  const placeOf = (place: Place): number =>
    typeof place === "number" ? place : addressOf(place, addresses) || registerOf.get(place)!;

  const instructions = drafts.map((draft, i): Instruction => {
    const { out } = draft;
    const operands = draft.operands.map(placeOf);
    for (const place of new Set(draft.operands))
      if (needsRegister(place) && lastUse.get(place) === i) free.push(registerOf.get(place)!);
    if (needsRegister(out)) {
      registerOf.set(out, free.pop() ?? registers++);
      if (lastUse.get(out) === i) free.push(registerOf.get(out)!);
    }
    return { ...draft, out: placeOf(out), operands };
  });
  return { instructions, registers };
}
