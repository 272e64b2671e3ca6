import type { GoldenArray, GoldenRow } from "@tenon/golden";
import { gradients, reference, type Tensor } from "@tenon/tensor";
import { expectClose, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";

// How a golden row of a loss is compared with ours.

export interface Row extends GoldenRow {
  /** Predictions first, then targets, then what else the loss takes. */
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  readonly outputs: { readonly loss: GoldenArray };
  readonly upstream?: { readonly loss: GoldenArray };
  /** With respect to the inputs that have one. */
  readonly gradients: Readonly<Record<string, GoldenArray>>;
}
/** Reads an option of a row, with what it is if the row has none. */
export type Had = <V>(name: string, otherwise: V) => V;
export type Tensors = Readonly<Record<string, Tensor>>;
/**
 * Our loss of a row's first two tensors. `had` reads an option, and remembers that it was known.
 */
export type Make = (had: Had, predictions: Tensor, targets: Tensor, row: Row) => Tensor;

export interface Compared {
  /** Feeds the second input as int32 labels. */
  readonly labels?: boolean;
  /** Inputs next to predictions and targets that the runner reads by itself. */
  readonly also?: readonly string[];
}

/** Compares a loss of the first two inputs, and its gradients. */
export const loss =
  (make: Make, { labels = false, also = [] }: Compared = {}): ((row: Row) => void) =>
  (row) => {
    const [first, second, ...others] = Object.keys(row.inputs) as [string, string, ...string[]];
    const strangers = others.filter((name) => !also.includes(name));
    if (strangers.length > 0) notCovered(`input ${strangers.join(", ")}`);
    lossOf((had, inputs) => make(had, inputs[first]!, inputs[second]!, row), {
      labels: labels ? [second] : [],
      fed: [first, second],
    })(row);
  };

/**
 * Compares a loss of all inputs, by their names, and its gradients; an option that is not read is
 * not covered.
 */
export function lossOf(
  make: (had: Had, inputs: Tensors) => Tensor,
  { labels = [], fed: names }: { readonly labels?: string[]; readonly fed?: string[] } = {},
): (row: Row) => void {
  return (row) => {
    const covered = new Set<string>();
    const had: Had = (name, otherwise) => {
      covered.add(name);
      return name in row.options ? (row.options[name] as typeof otherwise) : otherwise;
    };
    const upstream = row.upstream?.loss;
    const arrays = Object.entries({ ...row.inputs, ...(upstream && { upstream }) }).filter(
      ([name]) => name === "upstream" || !names || names.includes(name),
    );
    const isLabel = (name: string): boolean => labels.includes(name);
    const program = reference({ precision: "float64" }).compile(
      (_: object, inputs: Tensors) => {
        const value = make(had, inputs);
        const strange = Object.keys(row.options).filter((name) => !covered.has(name));
        if (strange.length > 0) notCovered(`option ${strange.join(", ")}`);
        const scalar = upstream ? value.mul(inputs["upstream"]!).sum() : value;
        const found = Object.keys(row.gradients).map(
          (name) => [`gradient of ${name}`, gradients(scalar, inputs[name]!)] as const,
        );
        return { state: {}, outputs: { value, ...Object.fromEntries(found) } };
      },
      {},
      Object.fromEntries(
        arrays.map(([name, { shape }]) => [
          name,
          { shape, dtype: isLabel(name) ? "int32" : "float32" } as const,
        ]),
      ),
    );
    const fed = arrays.map(([name, { data }]) => [
      name,
      isLabel(name) ? Int32Array.from(data) : Float64Array.from(data),
    ]);
    const outputs = program.step(Object.fromEntries(fed) as never) as unknown as Readonly<
      Record<string, { readonly shape: readonly number[]; readonly data: Float64Array }>
    >;
    expect(outputs["value"]!.shape, "shape").toEqual(row.outputs.loss.shape);
    expectClose(outputs["value"]!.data, row.outputs.loss.data, toleranceOf(row), "loss");
    for (const [name, expected] of Object.entries(row.gradients)) {
      const gradient = `gradient of ${name}`;
      expectClose(outputs[gradient]!.data, expected.data, toleranceOf(row), gradient);
    }
  };
}
