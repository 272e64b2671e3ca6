import type { AllWords } from "@tenon/experiments/words";
import type { Tip } from "../src/tip.js";
import type { MadeFigure, MadeFigures } from "./tips.js";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * All tips as HTML: what a reader without scripts sees, and what prints and search engines find.
 * The page puts itself in its place.
 */
export function staticTips(
  tips: readonly Tip[],
  words: AllWords,
  figuresOf: (tip: Tip) => MadeFigures | undefined,
  claimOf: (tip: Tip, claim: string) => string,
): string {
  const articles = tips.map((tip) => {
    const { title, tip: sentence, question, seen, where, pictures } = words.tips[tip.id]!;
    const main = tip.pictures[0]!;
    const figures = figuresOf(tip)?.figures[main];
    const verdicts =
      tip.results?.judgements ?? tip.claims.map(({ id }) => ({ id, verdict: undefined }));
    return `<article id="static-${tip.id}">
<h2>${escaped(title)}</h2><p><b>${escaped(sentence)}</b></p><p>${escaped(question)}</p>
${tip.formulas.en}
${figures ? figure(pictures[main]!, figures) : ""}
<ul>${verdicts
      .map(({ id, verdict }) => {
        const said = verdict ? ` (${escaped(words.common.verdicts[verdict])})` : "";
        return `<li>${escaped(claimOf(tip, id))}${said}</li>`;
      })
      .join("")}</ul>
<p>${escaped(seen)}</p><p><small>${escaped(where)}</small></p></article>`;
  });
  return `<noscript><style>${style}</style>${articles.join("\n")}</noscript>`;
}

/** The narrowest and the broadest one, of which the window's width shows one. */
function figure(title: string, figures: readonly MadeFigure[]): string {
  const [narrow, broad] = [figures[0]!, figures.at(-1)!].map(({ svg }) => svg);
  return (
    `<figure><figcaption>${escaped(title)}</figcaption>` +
    `<div class="narrow">${narrow}</div><div class="broad">${broad}</div></figure>`
  );
}

const style =
  "article{max-width:60rem;margin:2rem auto;padding:0 1rem}figure{margin:1rem 0}" +
  ".broad{display:none}@media(min-width:40rem){.broad{display:block}.narrow{display:none}}";
