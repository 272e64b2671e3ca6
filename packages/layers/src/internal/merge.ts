import type { Layer, LayerPart, Pass, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkShape, checkTensor, concat, input, type Tensor } from "@tenon/tensor";
import { asOne, type Branch } from "./asOne.js";
import { fromTheEnd, sizesAlong } from "./axes.js";
import { checkAxis, guarded, inLayer, sameShape, show } from "./check.js";
import { describe } from "./describe.js";
import { planOf, planPart, through } from "./parts.js";
import type { JoiningLayer } from "../joiningLayer.js";

/** How the outputs of branches become one tensor. */
export interface Join {
  /** The tensor, of as many as there are branches. */
  readonly join: (outputs: readonly Tensor[]) => Tensor;
  /** Throws where the outputs, shapes of one example, cannot be joined. */
  readonly check: (parts: readonly { readonly path: string; readonly shape: Shape }[]) => void;
  /** How many tensors are joined. @defaultValue 1 or more */
  readonly count?: number;
  /** What comes before the branches in JSON. @defaultValue none */
  readonly args?: readonly unknown[];
}

/**
 * A layer of branches, called `"branch1"`, `"branch2"` …, whose outputs are joined. One input goes
 * to all of them; of several, each goes to its own. Without branches the inputs are joined as they
 * are.
 */
export function merge(
  type: string,
  branches: readonly Branch[],
  { join, check, count, args = [] }: Join,
): JoiningLayer {
  const layers = branches.map((branch) => asOne(type, branch));
  const path = (i: number): string => (layers.length > 0 ? `branch${i + 1}` : `input ${i + 1}`);
  const each = <V>(inputs: readonly V[]): readonly V[] => {
    const all = inputs.length === 1 && layers.length > 0 ? layers.map(() => inputs[0]!) : inputs;
    if (layers.length > 0 && all.length !== layers.length)
      throw badArgument(type, `1 input or ${layers.length}, as many as branches`, all.length);
    if (count !== undefined && all.length !== count)
      throw badArgument(type, `${count} branches or inputs`, all.length);
    return all;
  };
  const planAll = (inputs: readonly Shape[]): ReturnType<JoiningLayer["planAll"]> => {
    inputs.forEach((shape) => checkShape(type, shape));
    const all = each(inputs);
    const parts = layers.map((layer, i): LayerPart => planPart(path(i), layer, all[i]!));
    const shapes = parts.length > 0 ? parts.map(({ plan }) => plan.output) : all;
    check(shapes.map((shape, i) => ({ path: path(i), shape })));
    const output = join(shapes.map((shape) => input("x", { shape: [1, ...shape] }))).shape.slice(1);
    return planOf(output, parts);
  };
  const forwardAll = (inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor => {
    inputs.forEach((x) => checkTensor(type, x, "a batch that is a tensor"));
    const all = each(inputs);
    return inLayer(type, () =>
      join(layers.length > 0 ? layers.map((l, i) => through(path(i), l, all[i]!, pass)) : all),
    );
  };
  const layer: Layer<Tensor> = guarded({
    type,
    plan: (shape) => planAll([shape]),
    forward: (x, pass) => forwardAll([x], pass),
    toJSON: () => describe(type, ...args, ...branches),
  });
  return { ...layer, planAll, forwardAll };
}

/** A merge of the elements at each place: shapes broadcast as in NumPy. */
export function elementwise(
  type: string,
  branches: readonly Branch[],
  join: Join["join"],
  count?: number,
): JoiningLayer {
  const fits = (a: Shape, b: Shape): boolean =>
    a.length === b.length && a.every((n, i) => n === b[i] || n === 1 || b[i] === 1);
  return merge(type, branches, {
    join,
    ...(count !== undefined && { count }),
    check([first, ...others]) {
      const strange = others.find(({ shape }) => !fits(first!.shape, shape));
      if (strange)
        throw badArgument(
          type,
          "outputs of one shape, or with sizes of 1 where they differ",
          `${show(first!.shape)} from ${first!.path} and ${show(strange.shape)} from ${strange.path}`,
        );
    },
  });
}

/** Joins tensors along an axis, counted from the end. */
export function joined(type: string, axis: number): Pick<Join, "join" | "check"> {
  checkAxis(type, axis, "give it first, such as -1");
  fromTheEnd(type, axis);
  return {
    join: (outputs) => concat(outputs, axis),
    check(parts) {
      const without = (shape: readonly number[]): number[] =>
        shape.filter((_, i) => i !== shape.length + axis);
      const [first] = parts;
      parts.forEach(({ shape }) => sizesAlong(type, [axis], shape));
      const strange = parts.find(({ shape }) => !sameShape(without(shape), without(first!.shape)));
      if (strange)
        throw badArgument(
          type,
          `branches whose outputs agree but for ${axis === -1 ? "the channels" : `axis ${axis}`}`,
          `${show(first!.shape)} from ${first!.path} and ${show(strange.shape)} from ${strange.path}`,
          'padding "same" keeps sizes',
        );
    },
  };
}
