import { badArgument, shown } from "@tenon/guards";
import type { Evidence, FindingId, Rule, Severity, Sign } from "./finding.js";
import { filled } from "./internal/filled.js";
import type { RunRecord } from "./record.js";
import { rules } from "./rules.js";
import { en } from "./texts/en.js";

/** A sickness of a run, with the figures that show it and what to try first. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The path of the layer or the parameter that it concerns. */
  readonly where?: string;
  /** Which of several texts fits, where a finding has several. */
  readonly kind?: string;
  /** Plain figures and paths, by name. Fractions are parts of 1. */
  readonly evidence: Evidence;
  /** What to try first, in English; `describe` has the other languages. */
  readonly tip: string;
  /** Where the threshold comes from, or the sickness is described. */
  readonly reference: string;
  /** The finding that is the cause of this one. */
  readonly explainedBy?: FindingId;
}

const order: readonly Severity[] = ["error", "warning", "hint"];

/**
 * All findings about what is known of a run: causes first, the severe ones before the others; then
 * what these explain, with the name of the cause. A cause is as severe as what it explains.
 *
 * Pure: the same record gives the same findings.
 *
 * @throws RangeError if it is no record
 */
export function examine(record: RunRecord): readonly Finding[] {
  if (!Array.isArray(record?.observed) || typeof record.setup !== "object")
    throw badArgument("examine", "a record, such as newRecord()", shown(record));
  const signs = rules.flatMap((rule: Rule) => {
    const sign = rule.examine(record);
    return sign ? [{ rule, sign, explains: sign.explains ?? rule.explains }] : [];
  });
  const findings = signs.map(({ rule, sign, explains }) => {
    const cause = signs.find((other) => other.explains.includes(rule.id))?.rule.id;
    const severities = signs.filter(({ rule: { id } }) => explains.includes(id));
    const severity = worst([sign, ...severities.map((other) => other.sign)]);
    return findingOf(rule, { ...sign, severity }, cause);
  });
  const rank = ({ explainedBy, severity }: Finding): number =>
    (explainedBy === undefined ? 0 : order.length) + order.indexOf(severity);
  return findings.sort((a, b) => rank(a) - rank(b));
}

const worst = (signs: readonly Sign[]): Severity =>
  order.find((severity) => signs.some((sign) => sign.severity === severity))!;

function findingOf(rule: Rule, sign: Sign, cause: FindingId | undefined): Finding {
  const { severity, where, kind, evidence } = sign;
  return {
    id: rule.id,
    severity,
    ...(where !== undefined && { where }),
    ...(kind !== undefined && { kind }),
    evidence,
    tip: filled(en.findings[rule.id].tip, { kind, evidence }),
    reference: rule.reference,
    ...(cause !== undefined && { explainedBy: cause }),
  };
}
