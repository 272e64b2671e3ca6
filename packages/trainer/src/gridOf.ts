import type { Json } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";

/** The values that each option of a sweep takes, by the option's name. */
export type Axes = Readonly<Record<string, readonly Json[]>>;

/** One value for each option. */
export type PointOf<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/**
 * All combinations of the values of some options, as named arms for `study`: the product of the
 * lists, the last option changing fastest.
 *
 * `gridOf({ dropout: [0, 0.5], width: [32, 64] })` has four arms, of which the first is
 * `"dropout=0 width=32": { dropout: 0, width: 32 }`.
 *
 * @throws RangeError if there is no option, a list is empty, or a list has the same value twice
 */
export function gridOf<const A extends Axes>(axes: A): Readonly<Record<string, PointOf<A>>> {
  if (typeof axes !== "object" || axes === null || Array.isArray(axes))
    throw badArgument(
      "gridOf",
      "lists of values by option, such as { width: [32, 64] }",
      shown(axes),
    );
  const names = Object.keys(axes);
  if (names.length === 0) throw badArgument("gridOf", "at least one option with its values", "{}");
  let points: readonly { readonly name: string; readonly point: Readonly<Record<string, Json>> }[] =
    [{ name: "", point: {} }];
  for (const option of names) {
    const values: unknown = axes[option];
    if (!Array.isArray(values) || values.length === 0)
      throw badArgument("gridOf", `${option} as a list of at least one value`, shown(values));
    const json = (values as readonly Json[]).map((value) => JSON.stringify(value) ?? String(value));
    const twice = json.find((text, i) => json.indexOf(text) !== i);
    if (twice !== undefined)
      throw badArgument("gridOf", `${option} as a list of different values`, `${twice} twice`);
    // The number 1 and the text "1" have different names.
    const plain = json.map((text, i) => (typeof values[i] === "string" ? values[i] : text));
    const texts = new Set(plain).size < plain.length ? json : plain;
    points = points.flatMap(({ name, point }) =>
      (values as readonly Json[]).map((value, i) => ({
        name: `${name}${name && " "}${option}=${texts[i]}`,
        point: { ...point, [option]: value },
      })),
    );
  }
  return Object.fromEntries(points.map(({ name, point }) => [name, point as PointOf<A>]));
}
