import type { Evidence } from "../finding.js";

/**
 * A text with figures in braces: `{loss}` has three significant digits, `{fraction%}` is a
 * percentage, `{step#}` a whole number. Or several texts, by the finding's kind; `other` is for
 * kinds without a text of their own.
 */
export type Phrase = string | Readonly<Record<string, string>>;

/** The text for a finding, with its figures. */
export function filled(
  phrase: Phrase,
  { kind, evidence }: { readonly kind?: string | undefined; readonly evidence: Evidence },
): string {
  const text = textOf(phrase, kind);
  const figures = text.replace(/\{(\w+)([%#]?)\}/g, (whole, name: string, unit: string) => {
    const value = evidence[name];
    return value === undefined ? whole : shownAs(value, unit);
  });
  return withParticles(figures);
}

/** Korean 로 is 으로 after digits whose names end in a consonant other than ㄹ: 영, 삼, 육. */
const withParticles = (text: string): string =>
  text.replace(
    /([0-9])\(으\)로/g,
    (_, digit: string) => `${digit}${/[036]/.test(digit) ? "으로" : "로"}`,
  );

/** The text of a kind. Empty if there is none. */
export function textOf(phrase: Phrase, kind: string | undefined): string {
  if (typeof phrase === "string") return phrase;
  return phrase[kind ?? "other"] ?? phrase["other"] ?? "";
}

function shownAs(value: number | string, unit: string): string {
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return String(value);
  if (unit === "#") return grouped(Math.round(value));
  return unit === "%" ? `${significant(100 * value, 2)} %` : significant(value, 3);
}

/** 0.00123, 12.3, 1,230, 1.23e-7: at most `digits` significant digits. */
function significant(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
  if (size >= 10 ** digits) return grouped(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
