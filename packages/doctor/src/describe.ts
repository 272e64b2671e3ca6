import { oneOf } from "@tenon/guards";
import type { Finding } from "./finding.js";
import { filled, textOf } from "./internal/filled.js";
import { texts, type Language } from "./texts.js";

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
 * @throws RangeError if there are no texts in the language
 */
export function describe(finding: Finding, language: Language = "en"): Description {
  oneOf("describe", "language", language, Object.keys(texts));
  const { severities, words, findings } = texts[language];
  const { title, meaning, tip } = findings[finding.id];
  const said = {
    severity: severities[finding.severity],
    title: filled(title, finding),
    meaning: filled(meaning, finding),
    tip: filled(tip, finding),
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
