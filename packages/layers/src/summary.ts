import type { Layer, LayerPart, LayerPlan, Shape } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, show, sizeOf } from "./internal/check.js";

/**
 * A table of a model's layers: path, type, shape of one example's output, number of parameters;
 * then the totals of trained parameters, of frozen ones where there are any, and of running
 * statistics.
 *
 * @param input the shape of one example
 * @throws as the layer's plan does, if the input does not fit
 */
export function summary(layer: Layer<Tensor>, input: Shape): string {
  noOptions("summary", arguments[2]);
  checkLayer("summary", layer);
  const plan = layer.plan(input);
  const rows = plan.parts
    ? plan.parts.flatMap((part) => rowsOf(part, ""))
    : rowsOf({ path: layer.type, type: layer.type, plan }, "");
  const trained = (wanted: boolean): LayerPlan["params"] =>
    Object.fromEntries(
      Object.entries(plan.params).filter(([, { trained = true }]) => trained === wanted),
    );
  const table = [["layer", "type", "output", "parameters"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ");
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    line(table[0]!),
    rule,
    ...rows.map(line),
    rule,
    `input ${show(input)}, output ${show(plan.output)}`,
    [
      `trained parameters: ${count(trained(true))}`,
      ...(Object.keys(trained(false)).length > 0 ? [`frozen: ${count(trained(false))}`] : []),
      `running statistics: ${count(plan.stats)}`,
    ].join(", "),
  ].join("\n");
}

/** A layer made of layers shows its own line without a count, then theirs. */
function rowsOf({ path, type, plan }: LayerPart, before: string): string[][] {
  const row = [before + path, type, show(plan.output), plan.parts ? "" : count(plan.params)];
  return [row, ...(plan.parts ?? []).flatMap((part) => rowsOf(part, `${before}${path}/`))];
}

/** How many values, in groups of three digits. Not by locale: the same on every machine. */
function count(specs: Readonly<Record<string, { readonly shape: Shape }>>): string {
  return String(Object.values(specs).reduce((sum, { shape }) => sum + sizeOf(shape), 0)).replace(
    /\B(?=(\d{3})+$)/g,
    ",",
  );
}
