import type { Layer, LayerPart, Shape } from "@tenon/contracts";
import { made, sizeOf } from "@tenon/guards";

/** An array of a layer. */
export interface OwnArray {
  /** Its path in the model, such as `"conv2d1/kernel"`. */
  readonly path: string;
  /** Its name in the layer, such as `"kernel"`. */
  readonly name: string;
  readonly shape: Shape;
  readonly isStat: boolean;
}

/** A layer that others are parts of. */
export interface Container {
  readonly path: string;
  readonly type: string;
}

/** A layer that has parameters or statistics of its own. */
export interface OwnLayer {
  readonly path: string;
  readonly type: string;
  /** The layers that it is a part of, from the outermost on. */
  readonly parents: readonly Container[];
  /** Parameters, then statistics, in the order of the layer. */
  readonly arrays: readonly OwnArray[];
  /** The image [height, width, channels] that was flattened before it, of a kernel on one. */
  readonly image?: Shape;
  /** Of a part of an attention: among how many heads its units, or its inputs, are divided. */
  readonly heads?: number;
}

/** The image that this array of a layer is applied to, flattened. */
export const imageOf = ({ image }: OwnLayer, { name }: OwnArray): Shape | undefined =>
  name === "kernel" ? image : undefined;

/** Whether it repeats a step, as `lstm` does. */
export const isRecurrent = ({ arrays }: OwnLayer): boolean =>
  arrays.some(({ name }) => name === "recurrentKernel");

/** The layers of a model that have arrays, in the order in which they are applied. */
export function ownLayers(
  who: string,
  model: Pick<Layer<unknown>, "type" | "plan" | "forward">,
  input: Shape,
): readonly OwnLayer[] {
  made(who, "a layer", model, "plan forward", "sequential(dense(10))");
  const found: OwnLayer[] = [];
  let shape = input;
  let image: Shape | undefined;
  const visit = ({ path, type, plan }: LayerPart, parents: readonly Container[]): void => {
    if (plan.parts) {
      const inside = [...parents, { path, type }];
      for (const part of plan.parts)
        visit({ ...part, path: path === "" ? part.path : `${path}/${part.path}` }, inside);
      return;
    }
    if (type === "flatten" && shape.length > 1) image = shape;
    const arrays = [
      ...Object.entries(plan.params).map(([name, spec]) => ({ name, ...spec, isStat: false })),
      ...Object.entries(plan.stats).map(([name, spec]) => ({ name, ...spec, isStat: true })),
    ].map(({ name, shape, isStat }) => ({
      path: path === "" ? name : `${path}/${name}`,
      name,
      shape,
      isStat,
    }));
    if (arrays.length > 0) {
      const rows = arrays.find(({ name }) => name === "kernel")?.shape[0];
      found.push({
        path,
        type,
        parents,
        arrays,
        ...(image && sizeOf(image) === rows && { image }),
        ...(plan.heads !== undefined && { heads: plan.heads }),
      });
      image = undefined;
    }
    shape = plan.output;
  };
  visit({ path: "", type: model.type, plan: model.plan(input) }, []);
  return found;
}
