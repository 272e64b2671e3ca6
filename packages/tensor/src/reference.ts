import type { ArraySpec, Engine, Feed, Leaves, NDArray, Numbers, Program, Tree } from "@tenon/contracts";
import { evaluate, type Precision } from "./internal/evaluate.js";
import { sameShape, show, sizeOf } from "./shapes.js";
import { input } from "./ops/leaf.js";
import type { Tensor } from "./tensor.js";
import { leaves, mapLeaves } from "./tree.js";

export interface ReferenceOptions {
  /** float64 computes float32 tensors with all the digits that JavaScript has: for checks. @defaultValue "float32" */
  readonly precision?: Precision;
}

/** The slow, obvious engine: plain TypeScript, one operation after the other, sums in float64. The oracle of every other engine. */
export function reference({ precision = "float32" }: ReferenceOptions = {}): Engine<Tensor> {
  return {
    name: precision === "float32" ? "reference" : "reference (float64)",
    threads: 1,
    compile<S extends Tree<NDArray>, I extends Tree<ArraySpec>, O extends Tree<Tensor>>(
      step: (state: Leaves<S, Tensor>, inputs: Leaves<I, Tensor>) => { readonly state: Leaves<S, Tensor>; readonly outputs: O },
      start: S, inputs: I,
    ): Program<S, Leaves<I, Feed>, Leaves<O, NDArray>> {
      const [stateIn, inputsIn] = [placeholders(start), placeholders(inputs)];
      const recorded = step(stateIn as Leaves<S, Tensor>, inputsIn as Leaves<I, Tensor>);
      const stateOut = sameTree("compile", start, recorded.state as Tree<Tensor>);
      const outputs = leaves<Tensor>(recorded.outputs);
      const from = leaves<Tensor>(stateIn).map(([, x]) => x);
      const results = [...stateOut, ...outputs.map(([, x]) => x)];
      let state = leaves<NDArray>(start).map(([, array]) => copy(array, precision));

      return {
        step(feeds) {
          const known = new Map<Tensor, NDArray>();
          from.forEach((x, i) => known.set(x, state[i]!));
          for (const [x, array] of fed(inputsIn, feeds, precision)) known.set(x, array);
          const values = evaluate(results, known, precision);
          state = values.slice(0, from.length);
          const byPath = new Map(outputs.map(([path], i) => [path, values[from.length + i]!]));
          return mapLeaves<Tensor, NDArray, O>(recorded.outputs, (_, path) => copy(byPath.get(path)!, precision));
        },
        state() {
          const byPath = new Map(leaves<NDArray>(start).map(([path], i) => [path, state[i]!]));
          return mapLeaves<NDArray, NDArray, Tree<NDArray>>(start, (_, path) => copy(byPath.get(path)!, precision)) as S;
        },
        load(next) {
          state = sameTree("load", start, next).map((array) => copy(array, precision));
        },
      };
    },
  };
}

/** A placeholder for each array of a tree. */
export function placeholders(specs: Tree<ArraySpec>): Tree<Tensor> {
  return mapLeaves<ArraySpec, Tensor, Tree<ArraySpec>>(specs, (spec, path) => input(path, spec)) as Tree<Tensor>;
}

/**
 * The ends of a tree in the order of another, which must have the same paths, shapes and kinds.
 *
 * @throws with the difference: what is missing, what was not expected, which shapes differ
 */
export function sameTree<V extends ArraySpec>(name: string, expected: Tree<ArraySpec>, got: Tree<V>): V[] {
  const have = new Map(leaves<V>(got));
  const want = leaves<ArraySpec>(expected);
  const names = new Set(want.map(([path]) => path));
  const wrong = [
    ...want.filter(([path]) => !have.has(path)).map(([path]) => `missing ${path}`),
    ...[...have.keys()].filter((path) => !names.has(path)).map((path) => `unexpected ${path}`),
    ...want.flatMap(([path, { shape, dtype = "float32" }]) => {
      const other = have.get(path);
      if (!other || (sameShape(other.shape, shape) && (other.dtype ?? "float32") === dtype)) return [];
      return [`${path}: expected ${dtype} ${show(shape)}, got ${other.dtype ?? "float32"} ${show(other.shape)}`];
    }),
  ];
  if (wrong.length > 0) throw new Error(`${name}: expected the names and shapes of the start state; ${wrong.join("; ")}`);
  return want.map(([path]) => have.get(path)!);
}

/** What each placeholder is fed, checked. */
export function fed(inputs: Tree<Tensor>, feeds: unknown, precision: Precision = "float32"): [Tensor, NDArray][] {
  return leaves<Tensor>(inputs).map(([path, x]) => {
    const feed = path.split("/").filter(Boolean).reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], feeds) as Feed | undefined;
    const label = path || "input";
    if (feed === undefined) throw new Error(`step: expected ${label} (${x.dtype} ${show(x.shape)}), got nothing`);
    const shape = typeof feed === "object" && "shape" in feed ? feed.shape : undefined;
    const data: ArrayLike<number> = typeof feed === "number" ? [feed] : shape ? (feed as NDArray).data : (feed as Numbers);
    if ((shape && !sameShape(shape, x.shape)) || data.length !== sizeOf(x.shape))
      throw new Error(`step: expected ${label} of shape ${show(x.shape)}, got ${shape ? show(shape) : `${data.length} numbers`}`);
    return [x, copy({ shape: x.shape, dtype: x.dtype, data: data as Numbers }, precision)];
  });
}

function copy({ shape, dtype, data }: NDArray, precision: Precision): NDArray {
  const kind = dtype === "int32" ? Int32Array : precision === "float64" ? Float64Array : Float32Array;
  return { shape, dtype, data: kind.from(data) };
}
