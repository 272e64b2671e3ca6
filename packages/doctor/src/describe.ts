import { badArgument, oneOf, shown } from "@tenon/guards";
import type { Evidence, Finding } from "./finding.js";
import { filled, textOf } from "./internal/filled.js";
import { texts, type Language, type Texts } from "./texts.js";

/** A finding in words. */
export interface Description {
  /** `"error"`, in the language. */
  readonly severity: string;
  readonly title: string;
  /** What was measured, and what it means. */
  readonly meaning: string;
  /** The one thing to try first. */
  readonly tip: string;
  /** The title of the cause, where it is another finding. */
  readonly cause?: string;
  /** All of it as lines of plain text. */
  readonly text: string;
}

/**
 * A finding in words, with its figures rounded.
 *
 * @param language `"en"` or `"ko"`. @defaultValue "en"
 * @throws RangeError if it is not one of the findings, or there are no texts in the language
 */
export function describe(finding: Finding, language: Language = "en"): Description {
  oneOf("describe", "language", language, Object.keys(texts));
  const { severities, words, places, findings } = texts[language];
  if (typeof finding !== "object" || !Object.hasOwn(findings, finding?.id))
    throw badArgument("describe", "a finding, as examine gives it", shown(finding));
  const { title, meaning, tip } = findings[finding.id];
  const localized = { ...finding, evidence: withPlace(finding.evidence, places) };
  const said = {
    severity: severities[finding.severity],
    title: filled(title, localized),
    meaning: filled(meaning, localized),
    tip: filled(tip, localized),
  };
  const cause = finding.explainedBy && textOf(findings[finding.explainedBy].title, "other");
  const place = finding.where ? ` (${finding.where})` : "";
  const lines = [
    `${said.severity}: ${said.title}${place}`,
    `  ${said.meaning}`,
    `  ${words.tip}: ${said.tip}`,
    ...(cause ? [`  ${words.cause}: ${cause}`] : []),
    `  ${words.reference}: ${finding.reference}`,
  ];
  return { ...said, ...(cause && { cause }), text: lines.join("\n") };
}

/** The evidence with its place in words of the language; a path stays as it is. */
function withPlace(evidence: Evidence, places: Texts["places"]): Evidence {
  const { place } = evidence;
  if (typeof place !== "string") return evidence;
  const name = Object.keys(places).find(
    (words) => place === words || place.startsWith(`${words} "`) || place.startsWith(`${words},`),
  );
  if (name === undefined) return evidence;
  return { ...evidence, place: places[name]! + place.slice(name.length) };
}
