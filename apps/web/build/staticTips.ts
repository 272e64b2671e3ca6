import { startValues } from "@tenon/experiments/controls";
import { claimText, type AllWords } from "@tenon/experiments/words";
import type { Tip } from "../src/tip.js";
import type { MadeFigures } from "./tips.js";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * All tips as HTML: what a reader without scripts sees, and what prints and search engines find. The
 * page puts itself in its place.
 */
export function staticTips(
  tips: readonly Tip[],
  words: AllWords,
  figuresOf: (tip: Tip) => MadeFigures | undefined,
): string {
  const articles = tips.map((tip) => {
    const spoken = words.tips[tip.id]!;
    const { title, tip: sentence, question, seen, where, pictures } = spoken;
    const main = tip.pictures[0]!;
    const figure = figuresOf(tip)?.figures[main];
    const verdicts =
      tip.results?.judgements ?? tip.claims.map(({ id }) => ({ id, verdict: undefined }));
    return `<article id="static-${tip.id}">
<h2>${escaped(title)}</h2><p><b>${escaped(sentence)}</b></p><p>${escaped(question)}</p>
${tip.formula}
${figure ? `<figure><figcaption>${escaped(pictures[main]!)}</figcaption>${figure}</figure>` : ""}
<ul>${verdicts
      .map(({ id, verdict }) => {
        const said = verdict ? ` (${escaped(words.common.verdicts[verdict])})` : "";
        return `<li>${escaped(claimText(spoken, id, startValues(tip)))}${said}</li>`;
      })
      .join("")}</ul>
<p>${escaped(seen)}</p><p><small>${escaped(where)}</small></p></article>`;
  });
  return `<noscript>${articles.join("\n")}</noscript>`;
}
