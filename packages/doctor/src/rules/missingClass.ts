import type { Rule } from "../finding.js";
import { sum } from "../internal/numbers.js";

/**
 * So many examples a class must have been read before an absent class says something: a class of
 * average frequency is then absent with the probability e⁻²⁰.
 */
const examplesPerClass = 20;

/** A class that the network can name occurs in no training example. */
export const missingClass: Rule = {
  id: "missingClass",
  reference: "Géron (2022), Hands-on Machine Learning, chapter 2: look at the data first",
  explains: [],
  examine({ setup: { classes }, data }) {
    const counts = data?.classCounts;
    if (!counts || classes === undefined || sum(counts) < examplesPerClass * classes)
      return undefined;
    const absent = Array.from({ length: classes }, (_, i) => i).filter((i) => !counts[i]);
    if (absent.length === 0) return undefined;
    return {
      severity: "warning",
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
