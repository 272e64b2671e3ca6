import type { Finding, FindingId, Rule, Severity, Sign } from "../finding.js";
import type { RunRecord } from "../record.js";
import { rules } from "../rules.js";
import { en } from "../texts/en.js";
import { filled } from "./filled.js";

/** What a rule has found. */
export interface Said {
  readonly rule: Rule;
  readonly sign: Sign;
}

const order: readonly Severity[] = ["error", "warning", "hint"];

/** What the rules find in a record, in their order. */
export const signsOf = (record: RunRecord): readonly Said[] =>
  rules.flatMap((rule) => {
    const sign = rule.examine(record);
    return sign ? [{ rule, sign }] : [];
  });

/** What a run on a single batch, without dropout and without other examples, cannot tell. */
const ofManyBatches: readonly FindingId[] = [
  ...(["dropoutTooStrong", "batchNormStatistics", "notLearning"] as const),
  ...(["overfitting", "underfitting"] as const),
];

/** What the run on one batch shows. Nothing if it was learnt, or the loss was still falling. */
export const signsOfOneBatch = (record: RunRecord): readonly Said[] =>
  record.oneBatch?.learnt || record.oneBatch?.falling
    ? []
    : signsOf(record).filter(({ rule }) => !ofManyBatches.includes(rule.id));

/** The findings, causes first: `signs` are of one run, in the order of the rules. */
export function conclude(signs: readonly Said[]): readonly Finding[] {
  const explains = ({ rule, sign }: Said): readonly FindingId[] => sign.explains ?? rule.explains;
  const findings = signs.map((said) => {
    const { rule, sign } = said;
    const cause = signs.find((other) => explains(other).includes(rule.id))?.rule.id;
    const explained = signs.filter((other) => explains(said).includes(other.rule.id));
    const severity = worst([said, ...explained]);
    return findingOf(rule, { ...sign, severity }, cause);
  });
  const rank = ({ explainedBy, severity }: Finding): number =>
    (explainedBy === undefined ? 0 : order.length) + order.indexOf(severity);
  return findings.sort((a, b) => rank(a) - rank(b));
}

const worst = (signs: readonly Said[]): Severity =>
  order.find((severity) => signs.some(({ sign }) => sign.severity === severity))!;

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
