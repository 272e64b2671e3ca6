import { sameShape } from "@tenon/tensor";
import { access, isContiguous } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { isElementwise } from "../graph/opTraits.js";
import { loads } from "../graph/walk.js";
import type { Epilogue } from "./traits.js";
import type { Epilogues } from "./unit.js";

/** Loops of one result that are computed as the operation is whose result they alone read. */
export const epiloguesBy =
  (rows: readonly Epilogue[]): Epilogues =>
  (roots, outputs, isStored, grouped) => {
    const readers = new Map<Node, Set<Node | undefined>>();
    const addReader = (producer: Node, reader?: Node): void => {
      if (!grouped.has(producer))
        readers.set(producer, (readers.get(producer) ?? new Set()).add(reader));
    };
    for (const x of new Set([...roots, ...grouped]))
      for (const { base } of loads(x, isStored)) addReader(base, x);
    for (const x of outputs) addReader(access(x).base);

    const producers = new Map<Node, Node>();
    for (const [producer, consumers] of readers) {
      const [x] = consumers;
      if (consumers.size > 1 || !x || !isElementwise(x.op) || producers.has(x)) continue;
      const fitting = rows.filter(({ op, fits }) => op === producer.op && fits(producer));
      if (fitting.length === 0 || !sameShape(x.shape, producer.shape)) continue;
      const inputs = loads(x, isStored);
      const inOrder = inputs
        .filter(({ base }) => base === producer)
        .every((from) => isContiguous(from, x.shape));
      if (inOrder && fitting.some(({ reads }) => reads(x.shape, inputs)))
        producers.set(x, producer);
    }
    return producers;
  };
