import { badArgument, shown } from "@tenon/guards";

/**
 * What a tree branches into. Anything else, such as a number, throws: it must not be dropped
 * silently.
 */
export function branches<B>(name: string, tree: unknown, path: string): [string, B][] {
  if (typeof tree !== "object" || tree === null)
    throw badArgument(
      name,
      `tensors or arrays with a shape${path ? ` at "${path}"` : ""}, or an object of such`,
      shown(tree),
    );
  return Object.entries(tree as Record<string, B>);
}
