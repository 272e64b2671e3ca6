import type { Layer } from "@tenon/contracts";
import type { GoldenArray, GoldenRow } from "@tenon/golden";
import type { Tensor } from "@tenon/tensor";
import { expectClose, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";
import type { JoiningLayer } from "../joiningLayer.js";
import { ofOneInput, run, type Given } from "./testing.js";

// Compares a layer with a row of another library's values. Not exported, not shipped.

export type Arrays = Readonly<Record<string, GoldenArray>>;
/** A row of the table of layers. */
export interface Row extends GoldenRow {
  readonly training: boolean;
  readonly x: GoldenArray;
  readonly y: GoldenArray;
  readonly dx: GoldenArray;
  readonly dy: GoldenArray;
  readonly params?: Arrays;
  readonly grads?: Arrays;
  readonly state?: Arrays;
  readonly state_after?: Arrays;
  /** Of a layer of several inputs: instead of x and dx. */
  readonly inputs?: Arrays;
  readonly input_grads?: Arrays;
  readonly mask?: GoldenArray;
  readonly call?: Readonly<Record<string, unknown>>;
  readonly batches?: readonly GoldenArray[];
  readonly outputs?: readonly GoldenArray[];
  readonly states_after?: readonly Arrays[];
}
export type Pair = number | readonly [number, number];
/**
 * Makes our layer from a library's options. `option` reads an option and marks it as covered.
 */
export type Make = (option: <V>(name: string, otherwise: V) => V, row: Row) => Layer<Tensor>;

/** Reads all options of a row; one that is never read is not covered. */
function layerOf(row: Row, make: Make): Layer<Tensor> {
  const optionsRead = new Set<string>();
  const layer = make((name, otherwise) => {
    optionsRead.add(name);
    return name in row.options ? (row.options[name] as typeof otherwise) : otherwise;
  }, row);
  const strange = Object.keys(row.options).filter((name) => !optionsRead.has(name));
  if (strange.length > 0) notCovered(`option ${strange.join(", ")}`);
  return layer;
}

const expectArray = (
  row: Row,
  label: string,
  got: Given | undefined,
  expected: GoldenArray,
): void => {
  expect(got?.shape, `${label}: shape`).toEqual(expected.shape);
  expectClose(got!.data, expected.data, toleranceOf(row), label);
};

interface LayerOptions {
  /** Ours for the library's names of parameters and statistics. */
  readonly names?: Readonly<Record<string, string>>;
  /** Feeds x as integers, which have no gradient. */
  readonly integers?: boolean;
  /**
   * The input at which the function bends and the library takes another gradient: left out there,
   * compared everywhere else.
   */
  readonly kink?: number;
}

/** Runs a row's batch, or its batches in a row, and compares all values that it has. */
export function layer(
  make: Make,
  { names = {}, integers = false, kink }: LayerOptions = {},
): (row: Row) => void {
  const rename = (arrays: Arrays = {}): Arrays =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [names[name] ?? name, array]));
  return (given) => {
    // PyTorch takes a single example without a batch axis too; a layer here takes a batch of one.
    const batched = (array: GoldenArray): GoldenArray =>
      given.x?.shape.length === 1 ? { shape: [1, ...array.shape], data: array.data } : array;
    const row = given.x
      ? {
          ...given,
          x: batched(given.x),
          y: batched(given.y),
          dx: given.dx && batched(given.dx),
          dy: batched(given.dy),
        }
      : given;
    const ours = layerOf(row, make);
    const plan = ours.plan((row.x ?? row.batches![0]!).shape.slice(1));
    // PyTorch counts batches even where the count is not used; we have it only where it is.
    const used = (arrays: Arrays): Arrays =>
      Object.fromEntries(
        Object.entries(rename(arrays)).filter(([name]) => name in plan.stats || name !== "count"),
      );
    let stats = used(row.state ?? {});
    expect(Object.keys(plan.stats).sort(), "statistics").toEqual(Object.keys(stats).sort());
    if (row.batches) {
      // These rows have no parameters: the library's initial ones apply, γ = 1 and β = 0.
      const params = Object.fromEntries(
        Object.entries(plan.params).map(([path, { shape, init }]) => [
          path,
          { shape, data: init(shape, () => 0.5) },
        ]),
      );
      row.batches.forEach((x, i) => {
        const result = run(ours, { x, params, stats, training: row.training });
        expectArray(row, `output ${i}`, result.y, row.outputs![i]!);
        stats = Object.fromEntries(
          Object.entries(result.stats).map(([path, { shape, data }]) => [
            path,
            { shape, data: Array.from(data) },
          ]),
        );
        for (const [path, expected] of Object.entries(used(row.states_after![i]!)))
          expectArray(row, `${path} after ${i}`, stats[path], expected);
      });
      return;
    }
    const params = rename(row.params);
    expect(Object.keys(plan.params).sort(), "parameters").toEqual(Object.keys(params).sort());
    for (const [path, { shape }] of Object.entries(params))
      expect(plan.params[path]!.shape, path).toEqual(shape);
    expect(plan.output, "planned output").toEqual(row.y.shape.slice(1));
    const result = run(ours, {
      x: row.x,
      dy: row.dy,
      params,
      stats,
      training: row.training,
      integers,
    });
    expectArray(row, "y", result.y, row.y);
    const smooth = ({ shape, data }: Given): GoldenArray => ({
      shape,
      data: Array.from(data, (grad, i) => (row.x.data[i] === kink ? 0 : grad)),
    });
    if (!integers) expectArray(row, "dx", smooth(result.dx), smooth(row.dx));
    for (const [path, expected] of Object.entries(rename(row.grads)))
      expectArray(row, `gradient of ${path}`, result.grads[path], expected);
    for (const [path, expected] of Object.entries(used(row.state_after ?? {})))
      expectArray(row, `${path} after`, result.stats[path], expected);
  };
}

/** Runs a row of a layer of several inputs, which are fed one after the other as one input. */
export function joining(
  make: (option: Parameters<Make>[0], row: Row) => JoiningLayer,
  options: LayerOptions = {},
): (row: Row) => void {
  return (row) => {
    const inputs = Object.values(row.inputs!);
    const together = (arrays: readonly GoldenArray[]): GoldenArray => {
      const batch = arrays[0]!.shape[0]!;
      const of = ({ data }: GoldenArray, i: number): readonly number[] =>
        data.slice((i * data.length) / batch, ((i + 1) * data.length) / batch);
      const data = Array.from({ length: batch }, (_, i) => arrays.flatMap((array) => of(array, i)));
      return { shape: [batch, data[0]!.length], data: data.flat() };
    };
    layer(
      (option) =>
        ofOneInput(
          make(option, row),
          inputs.map(({ shape }) => shape.slice(1)),
        ),
      options,
    )({
      ...row,
      training: row.training ?? false,
      x: together(inputs),
      dx: together(Object.values(row.input_grads!)),
    });
  };
}

/** Axes counted from the end, of those of a row, which counts the batch axis. */
export const fromTheEnd = (axis: unknown, row: Row): number[] =>
  (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map((a) => {
    const rank = (row.x ?? row.batches![0]!).shape.length;
    const fromEnd = a < 0 ? a : a - rank;
    return fromEnd > -rank ? fromEnd : notCovered("the batch axis among those normalized over");
  });
