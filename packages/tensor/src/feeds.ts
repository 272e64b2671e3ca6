import type { ArraySpec, Feed, NDArray, Tree } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { branches as branchesOf } from "./internal/branches.js";
import { isInt32 } from "./internal/elementwise.js";
import { sameShape, show, sizeOf } from "./shapes.js";
import type { Tensor } from "./tensor.js";
import { isLeaf, leaves } from "./tree.js";

// Checks of the feeds and states of every engine, with the same messages.

/** A placeholder of a step, and its name in messages: `x (float32 [2, 3])`. */
export interface FeedPlace {
  readonly x: Tensor;
  readonly label: string;
}

/** Finds the feeds of a step's placeholders. */
export interface Feeder {
  /** In the order of the tree. */
  readonly places: readonly FeedPlace[];
  /**
   * Visits the feed of each place. An array has the place's shape and dtype then; its elements are
   * checked by `elementsFed`.
   *
   * @throws if a feed is missing, has another shape or dtype, or belongs to no place
   */
  each(feeds: unknown, visit: (place: FeedPlace, feed: Feed, index: number) => void): void;
}

/** Prepares to feed a tree of placeholders, step after step. */
export function feeder(inputs: Tree<Tensor>): Feeder {
  const places: FeedPlace[] = [];
  type Visit = Parameters<Feeder["each"]>[1];
  const prepared = (tree: Tree<Tensor>, path: string): ((feeds: unknown, visit: Visit) => void) => {
    if (isLeaf(tree)) {
      const x = tree as Tensor;
      const place: FeedPlace = { x, label: `${path || "input"} (${x.dtype} ${show(x.shape)})` };
      const index = places.push(place) - 1;
      return (feed, visit) => {
        checkArray(place, feed);
        visit(place, feed as Feed, index);
      };
    }
    const branches = branchesOf<Tree<Tensor>>("feeder", tree, path).map(([key, branch]) => ({
      key,
      find: prepared(branch, path ? `${path}/${key}` : key),
    }));
    const keys = new Set(branches.map(({ key }) => key));
    return (feeds, visit) => {
      const given =
        typeof feeds === "object" && feeds !== null ? (feeds as Record<string, unknown>) : {};
      for (const { key, find } of branches)
        find(Object.hasOwn(given, key) ? given[key] : undefined, visit);
      const unasked = Object.keys(given).find((key) => !keys.has(key));
      if (unasked === undefined) return;
      const expected = `${[...keys].join(", ") || "nothing"}${path && ` in ${path}`}`;
      throw badArgument("step", expected, `also "${unasked}"`, "leave it out");
    };
  };
  const each = prepared(inputs, "");
  return { places, each };
}

/** Throws if the feed is missing or is an array of another shape or dtype. */
function checkArray({ x, label }: FeedPlace, feed: unknown): void {
  if (feed === undefined || feed === null) throw badArgument("step", label, "nothing");
  if (typeof feed !== "object" || !("shape" in feed)) return;
  const { shape, dtype = "float32" } = feed as ArraySpec;
  if (dtype !== x.dtype || !sameShape(shape, x.shape))
    throw badArgument("step", label, `${dtype} ${show(shape)}`);
}

/**
 * The elements of a feed.
 *
 * @throws unless there are as many as the place has, integers of 32 bits if it is int32
 */
export function elementsFed({ x, label }: FeedPlace, feed: Feed): ArrayLike<number> {
  const array = typeof feed === "object" && "shape" in feed ? feed.data : feed;
  const data: unknown = typeof array === "number" ? [array] : array;
  checkValues("step", label, x, data);
  return data;
}

/**
 * The arrays of a state in the order of the start state, which must have the same names, shapes and
 * dtypes.
 *
 * @param name the caller in messages: `load`, or `compile` for the start state itself
 * @throws with the difference: an array that is missing, not expected, or of another shape, or an
 *   element that is not a number
 */
export function checkedState(name: string, start: Tree<NDArray>, next: Tree<NDArray>): NDArray[] {
  const paths = leaves<NDArray>(start).map(([path]) => path);
  const arrays = sameTree(name, start, next);
  arrays.forEach((array, i) => {
    const { shape, data } = array;
    checkValues(name, `${sizeOf(shape)} values for ${paths[i]} ${show(shape)}`, array, data);
  });
  return arrays;
}

/** Arrays of integers of at most 32 bits, whose elements need no check. */
const integers = new Set([
  "Int32Array",
  "Uint8Array",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
]);
const floats = new Set(["Float32Array", "Float64Array", "Uint32Array"]);

function checkValues(
  name: string,
  expected: string,
  { shape, dtype }: ArraySpec,
  data: unknown,
): asserts data is ArrayLike<number> {
  const kind = Object.prototype.toString.call(data).slice(8, -1);
  const plain = Array.isArray(data);
  if (!plain && !integers.has(kind) && !floats.has(kind)) {
    const got = typeof data === "object" ? kind : typeof data;
    throw badArgument(name, expected, got, "give an array of values");
  }
  const elements = data as ArrayLike<unknown>;
  if (elements.length !== sizeOf(shape))
    throw badArgument(name, expected, `${elements.length} values`);
  if (dtype === "int32" && !integers.has(kind)) {
    for (let i = 0; i < elements.length; i++)
      if (!isInt32(elements[i] as number))
        throw badArgument(
          name,
          `${expected} of integers`,
          String(elements[i]),
          "int32 holds whole numbers from −2147483648 to 2147483647",
        );
  } else if (plain) {
    for (let i = 0; i < elements.length; i++)
      if (typeof elements[i] !== "number")
        throw badArgument(
          name,
          expected,
          `${String(elements[i])} among the values`,
          "give them in row-major order, without nesting",
        );
  }
}

/**
 * The leaves of a tree in the order of another, which must have the same paths, shapes and dtypes.
 *
 * @throws with the difference: what is missing, what was not expected, which shapes differ
 */
export function sameTree<V extends ArraySpec>(
  name: string,
  expected: Tree<ArraySpec>,
  got: Tree<V>,
): V[] {
  const have = new Map(leaves<V>(got));
  const want = leaves<ArraySpec>(expected);
  const names = new Set(want.map(([path]) => path));
  const wrong = [
    ...want.filter(([path]) => !have.has(path)).map(([path]) => `missing ${path}`),
    ...[...have.keys()].filter((path) => !names.has(path)).map((path) => `unexpected ${path}`),
    ...want.flatMap(([path, { shape, dtype = "float32" }]) => {
      const other = have.get(path);
      if (!other || (sameShape(other.shape, shape) && (other.dtype ?? "float32") === dtype))
        return [];
      return [
        `${path}: expected ${dtype} ${show(shape)}, got ${other.dtype ?? "float32"} ` +
          `${show(other.shape)}`,
      ];
    }),
  ];
  if (wrong.length > 0)
    throw badArgument(name, "the names and shapes of the start state", wrong.join("; "));
  return want.map(([path]) => have.get(path)!);
}
