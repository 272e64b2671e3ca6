import type { ArraySpec, NDArray, Tree } from "@tenon/contracts";
import { mapLeaves } from "@tenon/tensor";
import type { Node } from "../graph/node.js";

/**
 * Makes trees like another, whose leaves are copies of these nodes' values at the time of the call.
 *
 * @param nodes in the order of the tree's leaves
 * @param arrayOf the memory of a node
 */
export function copier(
  tree: Tree<ArraySpec>,
  nodes: readonly Node[],
  arrayOf: (x: Node) => Float32Array | Int32Array,
): () => Tree<NDArray> {
  let index = 0;
  return called(
    mapLeaves(tree, () => {
      const x = nodes[index++]!;
      const { shape, dtype } = x;
      const array = arrayOf(x);
      const ArrayType = dtype === "int32" ? Int32Array : Float32Array;
      return (): NDArray => ({ shape, dtype, data: new ArrayType(array) });
    }) as Tree<() => NDArray>,
  );
}

/**
 * A function that makes a tree of the results of another tree's functions. After the kernels of a
 * step, caches hold other data: W3's outputs take some 40 µs so, and 60 through `mapLeaves`.
 */
function called(tree: Tree<() => NDArray>): () => Tree<NDArray> {
  if (typeof tree === "function") return tree;
  const branches = Object.entries(tree).map(([key, branch]) => ({ key, make: called(branch) }));
  return () => {
    const result: Record<string, Tree<NDArray>> = {};
    for (const { key, make } of branches) {
      // An assignment to this one name would replace the object's prototype.
      if (key === "__proto__")
        Object.defineProperty(result, key, {
          value: make(),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else result[key] = make();
    }
    return result;
  };
}
