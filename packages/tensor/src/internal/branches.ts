import { shown } from "@tenon/guards";

/**
 * What a tree branches into. A number, say, is neither an end nor a branch, and must not vanish.
 */
export function branches<B>(name: string, tree: unknown, path: string): [string, B][] {
  if (typeof tree !== "object" || tree === null)
    throw new Error(
      `${name}: expected tensors or arrays with a shape${path ? ` at "${path}"` : ""}, or an object of such, got ${shown(tree)}`,
    );
  return Object.entries(tree as Record<string, B>);
}
