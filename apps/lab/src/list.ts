import { experiments } from "@tenon/experiments";
import { indented, labCall, padded, widthOf } from "@tenon/terminal";
import colors from "picocolors";
import type { Texts } from "./texts.js";

/** All experiments: number, id, title and question. */
export function listText(texts: Texts, columns: number): string {
  const { lab, tips } = texts;
  const ids = Math.max(...experiments.map(({ id }) => id.length));
  const numbers = String(experiments.length).length;
  const lines = experiments.map(({ id }, i) => {
    const { title, question } = tips[id]!;
    const number = colors.dim(String(i + 1).padStart(numbers));
    const named = `${number}  ${colors.cyan(padded(id, ids))}  ${colors.bold(title)}`;
    return `${named}\n${colors.dim(indented(question, columns, numbers + 2 + ids + 2))}`;
  });
  const calls: [string, string][] = [
    [lab.list.run, labCall("dropout")],
    [lab.list.quick, labCall("dropout", "--quick")],
    [lab.list.all, labCall("--all", "--report", "report")],
  ];
  const wide = Math.max(...calls.map(([what]) => widthOf(what)));
  return [
    colors.bold(lab.list.title),
    "",
    ...lines,
    "",
    ...calls.map(([what, call]) => `${padded(what, wide)}  ${colors.cyan(call)}`),
  ].join("\n");
}
