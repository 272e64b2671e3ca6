import type { FunctionBuilder, V128, Word } from "@tenon/emit";
import * as v128 from "@tenon/emit/v128";
import { emitBody } from "./body.js";
import type { BodyNode } from "./loop.js";

/** Which nodes have the same value in a loop, given which of the inputs do. */
function invariantNodes(body: readonly BodyNode[], isInvariant: readonly boolean[]): boolean[] {
  const invariant: boolean[] = [];
  for (const node of body)
    invariant.push(
      node.op === "load"
        ? isInvariant[node.input]!
        : node.op === "constant" || argsOf(node).every((arg) => invariant[arg]),
    );
  return invariant;
}

const argsOf = (node: BodyNode): readonly number[] => ("args" in node ? node.args : []);

/**
 * Emits the nodes that have the same value along a row, before its loop; gives their values.
 * Constants stay where they are used.
 */
export function hoist(
  f: FunctionBuilder,
  body: readonly BodyNode[],
  strides: readonly number[],
  reads: readonly Word[],
): Map<number, V128> {
  const isInvariant = strides.map((stride) => stride === 0);
  return hoistWhere(f, body, isInvariant, (input) => v128.loadSplat(reads[input]!));
}

/** The same for any loop: `load` gives the value of an input that is the same throughout it. */
export function hoistWhere(
  f: FunctionBuilder,
  body: readonly BodyNode[],
  isInvariant: readonly boolean[],
  load: (input: number) => V128,
): Map<number, V128> {
  const invariant = invariantNodes(body, isInvariant);
  const hoisted = body.flatMap((node, k) => (invariant[k] && node.op !== "constant" ? [k] : []));
  const invariantBody = body.map((node, k): BodyNode =>
    invariant[k] ? node : { op: "constant", value: 0, dtype: "float32" },
  );
  const valueOf = emitBody(f, invariantBody, load, hoisted);
  return new Map(hoisted.map((k) => [k, f.local("v128", valueOf(k))]));
}
