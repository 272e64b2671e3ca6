import type { Layer, LayerPart, LayerPlan, Pass, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkShape, checkTensor, type Tensor } from "@tenon/tensor";
import { guarded, sameShape, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { builtTable, checkTable, type Build, type GraphTable } from "./internal/graphTable.js";
import { planCall, planOf, throughAll } from "./internal/parts.js";
import type { JoiningLayer } from "./joiningLayer.js";

export type { Build, Call, GraphTable, GraphValue } from "./internal/graphTable.js";

/** The plan of a graph, with the shape of each output. */
export interface GraphPlan<O extends string> extends LayerPlan {
  readonly outputs: Readonly<Record<O, Shape>>;
}

/**
 * Layers that form no row. With one output it is a layer, of several inputs in their order or of
 * one; `planOf` and `forwardOf` take inputs by name and give all outputs.
 */
export interface Graph<I extends string, O extends string> extends JoiningLayer {
  /** Shapes and parameters for inputs of these shapes, each of one example. */
  planOf(inputs: Readonly<Record<I, Shape>>): GraphPlan<O>;
  /** The outputs for a batch of each input. */
  forwardOf(inputs: Readonly<Record<I, Tensor>>, pass: Pass<Tensor>): Readonly<Record<O, Tensor>>;
}

/**
 * A network with several inputs or outputs, or whose layers share weights: `graph(["a", "b"], ({ a,
 * b }, call) => ({ y: call(subtract(), call(encode, a), call(encode, b)) }))`.
 *
 * `build` is called once. A layer that is called several times has one set of parameters; layers
 * are named as in `sequential`, by type and in the order of their first calls. Layers that take
 * several values are the merges (`add()`, `concatenate(-1)`, …), attention and recurrent layers.
 * Keras: the functional API, `Model(inputs, outputs)`. Its JSON is the table of calls, from which
 * it can be made, too.
 *
 * @throws if a value is of another graph, or, in `plan`, if a layer that is shared would need
 *   parameters of other shapes
 */
export function graph<const I extends string, const O extends string>(
  inputs: readonly I[],
  build: Build<I, O>,
): Graph<I, O>;
export function graph(table: GraphTable): Graph<string, string>;
export function graph(
  inputs: readonly string[] | GraphTable,
  build?: Build<string, string>,
): Graph<string, string> {
  const table: GraphTable = build
    ? builtTable(inputs as readonly string[], build)
    : checkTable(inputs as GraphTable);
  const names = Object.keys(table.outputs);
  const one = (): string => {
    if (names.length !== 1)
      throw badArgument("graph", "one output, to be a layer", names.join(", "), "use forwardOf");
    return names[0]!;
  };
  const byName = <V>(values: readonly V[]): Record<string, V> => {
    if (values.length !== table.inputs.length)
      throw badArgument("graph", `the inputs ${table.inputs.join(", ")}`, values.length);
    return Object.fromEntries(table.inputs.map((name, i) => [name, values[i]!]));
  };
  const planOf = (inputs: Readonly<Record<string, Shape>>): GraphPlan<string> => {
    for (const name of table.inputs) checkShape("graph", inputs[name]!);
    return planned(table, inputs);
  };
  const forwardOf = (
    inputs: Readonly<Record<string, Tensor>>,
    pass: Pass<Tensor>,
  ): Readonly<Record<string, Tensor>> => {
    for (const name of table.inputs)
      checkTensor("graph", inputs[name]!, "a batch that is a tensor");
    return followed(table, inputs, (path, layer: Layer<Tensor>, values: readonly Tensor[]) =>
      throughAll(path, layer, values, pass),
    );
  };
  const planAll = (inputs: readonly Shape[]): LayerPlan => {
    const { outputs: _, ...plan } = planOf(byName(inputs));
    return { ...plan, output: _[one()]! };
  };
  const forwardAll = (inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor =>
    forwardOf(byName(inputs), pass)[one()]!;
  const layer = guarded({
    type: "graph",
    plan: (shape) => planAll([shape]),
    forward: (x, pass) => forwardAll([x], pass),
    toJSON: () => describe("graph", table),
  });
  return { ...layer, planAll, forwardAll, planOf, forwardOf };
}

/** The outputs, by calling the layers of a table on values of any kind. */
function followed<V>(
  { layers, calls, outputs }: GraphTable,
  inputs: Readonly<Record<string, V>>,
  apply: (path: string, layer: Layer<Tensor>, values: readonly V[]) => V,
): Record<string, V> {
  const results: V[] = [];
  const valueOf = (source: string | number): V =>
    typeof source === "string" ? inputs[source]! : results[source]!;
  for (const [path, ...sources] of calls)
    results.push(apply(path, layers[path]!, sources.map(valueOf)));
  return Object.fromEntries(
    Object.entries(outputs).map(([name, source]) => [name, valueOf(source)]),
  );
}

function planned(table: GraphTable, inputs: Readonly<Record<string, Shape>>): GraphPlan<string> {
  const parts = new Map<string, LayerPart>();
  const outputs = followed(table, inputs, (path, layer, shapes: readonly Shape[]) => {
    const part = planCall(path, layer, shapes);
    const before = parts.get(path);
    if (before) checkShared(before, part);
    else parts.set(path, part);
    return part.plan.output;
  });
  const [output] = Object.values(outputs) as [Shape, ...Shape[]];
  return { ...planOf(output, [...parts.values()]), outputs };
}

/** Throws unless two calls of a layer need the same parameters. */
function checkShared({ path, plan: { params } }: LayerPart, again: LayerPart): void {
  for (const [name, { shape }] of Object.entries(again.plan.params))
    if (!sameShape(shape, params[name]?.shape ?? []))
      throw badArgument(
        "graph",
        `calls of ${path} that share their parameters`,
        `"${name}" ${show(params[name]?.shape ?? [])} and ${show(shape)}`,
        "call another layer",
      );
}
