import type { Layer } from "@tenon/contracts";
import { badArgument, callable, known, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer } from "./check.js";
import { pathsOf } from "./paths.js";

/** A graph as data. A source is the name of an input, or which call's result, counted from 0. */
export interface GraphTable {
  readonly inputs: readonly string[];
  /** Each layer once, by its path. */
  readonly layers: Readonly<Record<string, Layer<Tensor>>>;
  /** In order: the path of a layer, and the sources that it is called with. */
  readonly calls: readonly (readonly [path: string, ...sources: (string | number)[]])[];
  readonly outputs: Readonly<Record<string, string | number>>;
}

/** A value in a graph that is being built: an input, or what a layer makes. */
export interface GraphValue {
  readonly source: string | number;
}

/** Calls a layer on a value, or on several. */
export type Call = (layer: Layer<Tensor>, ...values: readonly GraphValue[]) => GraphValue;

/** Builds a graph: from its inputs to its outputs, by name. */
export type Build<I extends string, O extends string> = (
  inputs: Readonly<Record<I, GraphValue>>,
  call: Call,
) => Readonly<Record<O, GraphValue>>;

/** The table of a graph, by calling what builds it once. */
export function builtTable(inputs: readonly string[], build: Build<string, string>): GraphTable {
  checkNames(inputs);
  callable("graph", "build", build);
  const layers: Layer<Tensor>[] = [];
  const calls: (readonly [number, ...(string | number)[]])[] = [];
  const values = new Set<GraphValue>();
  const made = (source: string | number): GraphValue => {
    const value = { source };
    values.add(value);
    return value;
  };
  const sourceOf = (value: GraphValue): string | number => {
    if (!values.has(value))
      throw badArgument("graph", "values of this graph", shown(value), "inputs or what call gives");
    return value.source;
  };
  const call: Call = (layer, ...given) => {
    checkLayer("graph", layer, " to call");
    if (given.length === 0)
      throw badArgument("graph", `a value to call ${layer.type} with`, "none");
    if (!layers.includes(layer)) layers.push(layer);
    return made(calls.push([layers.indexOf(layer), ...given.map(sourceOf)]) - 1);
  };
  const outputs = build(Object.fromEntries(inputs.map((name) => [name, made(name)])), call);
  const paths = pathsOf("graph", layers);
  return checkTable({
    inputs,
    layers: Object.fromEntries(layers.map((layer, i) => [paths[i]!, layer])),
    calls: calls.map(([layer, ...sources]) => [paths[layer]!, ...sources]),
    outputs: Object.fromEntries(
      Object.entries(outputs ?? {}).map(([name, value]) => [name, sourceOf(value)]),
    ),
  });
}

function checkNames(inputs: unknown): void {
  if (
    !Array.isArray(inputs) ||
    inputs.length === 0 ||
    !inputs.every((name) => typeof name === "string") ||
    new Set(inputs).size !== inputs.length
  )
    throw badArgument("graph", "distinct names of inputs, at least one", shown(inputs));
}

/** Throws unless a table is one of a graph. */
export function checkTable(table: GraphTable): GraphTable {
  if (typeof table !== "object" || table === null || Array.isArray(table))
    throw badArgument("graph", "names of inputs and a function, or a table of calls", shown(table));
  const { inputs, layers, calls, outputs } = known("graph", table, "inputs layers calls outputs");
  checkNames(inputs);
  if (!Array.isArray(calls)) throw badArgument("graph", "calls as a list", shown(calls));
  const checkSource = (source: unknown, before: number): void => {
    const exists =
      typeof source === "number"
        ? Number.isInteger(source) && source >= 0 && source < before
        : inputs.includes(source as string);
    if (!exists) throw badArgument("graph", "an input or an earlier call", shown(source));
  };
  calls.forEach((call: readonly unknown[], i) => {
    const [path, ...sources] = Array.isArray(call) ? (call as readonly unknown[]) : [];
    if (typeof path !== "string" || !Object.hasOwn(layers ?? {}, path) || sources.length === 0)
      throw badArgument("graph", "calls [layer, …sources] of its layers", shown(call));
    checkLayer("graph", layers[path], ` called ${path}`);
    sources.forEach((source) => checkSource(source, i));
  });
  const ends = Object.values(outputs ?? {});
  if (ends.length === 0) throw badArgument("graph", "at least one output", shown(outputs));
  ends.forEach((source) => checkSource(source, calls.length));
  return table;
}
