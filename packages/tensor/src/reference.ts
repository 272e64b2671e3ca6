import type { ArraySpec, Engine, Feed, Leaves, NDArray, Numbers, Program, Tree } from "@tenon/contracts";
import { evaluate } from "./internal/evaluate.js";
import { sameShape, show, sizeOf } from "./shapes.js";
import { input } from "./ops/leaf.js";
import type { Tensor } from "./tensor.js";
import { isLeaf, leaves, mapLeaves } from "./tree.js";

/** In which precision float32 tensors are computed; float64 is for checks. */
export type Precision = "float32" | "float64";

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
      let state = stored("compile", start, start, precision);

      return {
        step(feeds) {
          const known = new Map<Tensor, NDArray>();
          from.forEach((x, i) => known.set(x, state[i]!));
          for (const [x, array] of fed(inputsIn, feeds, precision)) known.set(x, array);
          const values = evaluate(results, known, precision);
          state = values.slice(0, from.length);
          let at = from.length;
          return mapLeaves(recorded.outputs, () => copy(values[at++]!, precision));
        },
        state() {
          let at = 0;
          return mapLeaves(start as Tree<NDArray>, () => copy(state[at++]!, precision)) as S;
        },
        load(next) {
          state = stored("load", start, next, precision);
        },
      };
    },
  };
}

/** Copies of a state's arrays, which must have the names, shapes and kinds of the start state, and as many numbers as they say. */
function stored(name: string, start: Tree<NDArray>, next: Tree<NDArray>, precision: Precision): NDArray[] {
  const paths = leaves<NDArray>(start).map(([path]) => path);
  return sameTree(name, start, next).map((array, i) => {
    if (array.data.length !== sizeOf(array.shape)) throw new Error(`${name}: expected ${sizeOf(array.shape)} numbers for ${paths[i]} ${show(array.shape)}, got ${array.data.length}`);
    return copy(array, precision);
  });
}

/** A placeholder for each array of a tree. */
export function placeholders(specs: Tree<ArraySpec>): Tree<Tensor> {
  return mapLeaves(specs, (spec, path) => input(path, spec as ArraySpec)) as Tree<Tensor>;
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

/**
 * What each placeholder is fed: its own copy, of the placeholder's kind.
 *
 * @throws if one is fed nothing, another shape, another kind, or numbers that are no integers for int32
 */
export function fed(inputs: Tree<Tensor>, feeds: unknown, precision: Precision = "float32"): [Tensor, NDArray][] {
  const found: [Tensor, NDArray][] = [];
  const visit = (specs: Tree<Tensor>, feed: unknown, path: string): void => {
    if (!isLeaf(specs)) {
      for (const [key, branch] of Object.entries(specs)) visit(branch as Tree<Tensor>, (feed as Record<string, unknown> | undefined)?.[key], path ? `${path}/${key}` : key);
      return;
    }
    found.push([specs as Tensor, feedOf(specs as Tensor, feed as Feed | undefined, path || "input", precision)]);
  };
  visit(inputs, feeds, "");
  return found;
}

function feedOf(x: Tensor, feed: Feed | undefined, label: string, precision: Precision): NDArray {
  const wanted = `${label} (${x.dtype} ${show(x.shape)})`;
  if (feed === undefined) throw new Error(`step: expected ${wanted}, got nothing`);
  const array = typeof feed === "object" && "shape" in feed ? feed : undefined;
  const data: ArrayLike<number> = typeof feed === "number" ? [feed] : array ? array.data : (feed as Numbers);
  if (array && (array.dtype !== x.dtype || !sameShape(array.shape, x.shape))) throw new Error(`step: expected ${wanted}, got ${array.dtype} ${show(array.shape)}`);
  if (data.length !== sizeOf(x.shape)) throw new Error(`step: expected ${wanted}, got ${data.length} numbers`);
  const value = copy({ shape: x.shape, dtype: x.dtype, data: data as Numbers }, precision);
  if (x.dtype === "int32") for (let i = 0; i < data.length; i++) if (value.data[i] !== data[i]) throw new Error(`step: expected ${wanted} of integers, got ${data[i]}`);
  return value;
}

function copy({ shape, dtype, data }: NDArray, precision: Precision): NDArray {
  const kind = dtype === "int32" ? Int32Array : precision === "float64" ? Float64Array : Float32Array;
  return { shape, dtype, data: kind.from(data) };
}
