import { experiments } from "@tenon/experiments";
import { labCall, padded, widthOf, wrapped } from "@tenon/terminal";
import colors from "picocolors";
import type { Texts } from "./texts.js";

/** All experiments: number, id, title and question. */
export function listText(texts: Texts, columns: number): string {
  const { lab, tips } = texts;
  const ids = Math.max(...experiments.map(({ id }) => id.length));
  const titles = Math.max(...experiments.map(({ id }) => widthOf(tips[id]!.title)));
  const numbers = String(experiments.length).length;
  const head = numbers + 2 + ids + 2;
  // Where the question has no room beside the title it is below.
  const isBeside = columns - head - titles - 2 >= 50;
  const lines = experiments.map(({ id }, i) => {
    const { title, question } = tips[id]!;
    const number = colors.dim(String(i + 1).padStart(numbers));
    const named = `${number}  ${colors.cyan(padded(id, ids))}  ${colors.bold(title)}`;
    if (isBeside) return wrapped(padded(named, head + titles + 2) + question, columns, head + 2);
    const below = wrapped(`${" ".repeat(head)}${question}`, columns, head);
    return `${named}\n${colors.dim(below)}`;
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
