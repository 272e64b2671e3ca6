import type { Rule } from "../finding.js";
import { sum } from "../internal/numbers.js";

/**
 * This many examples a class must have been read before an absent class says something: a class of
 * average frequency is then absent with the probability e⁻²⁰.
 */
const examplesPerClass = 20;

/**
 * A class that the network can name occurs in no training example. Where only a part of them was
 * read, each class that did occur must have done so 20 times: one as rare as the rarest would then
 * have been seen.
 */
export const missingClass: Rule = {
  id: "missingClass",
  reference: "Géron (2022), Hands-on Machine Learning, chapter 2: look at the data first",
  explains: [],
  examine({ setup: { classes, examples }, data }) {
    const counts = data?.classCounts;
    if (!counts || classes === undefined || sum(counts) < examplesPerClass * classes)
      return undefined;
    const absent = Array.from({ length: classes }, (_, i) => i).filter((i) => !counts[i]);
    if (absent.length === 0) return undefined;
    const isWhole = examples !== undefined && sum(counts) >= examples;
    const isRare = counts.some((count) => count > 0 && count < examplesPerClass);
    if (!isWhole && isRare) return undefined;
    return {
      severity: "warning",
      kind: isWhole ? "whole" : "read",
      evidence: {
        label: absent[0]!,
        labels: absent.slice(0, 10).join(", "),
        missing: absent.length,
        classes,
        examples: sum(counts),
      },
    };
  },
};
