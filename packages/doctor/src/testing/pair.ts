import type { FindingId } from "../finding.js";
import type { RunRecord } from "../record.js";

/**
 * A rule and the kind of its finding, a record in which it speaks, and one on the other side of its
 * threshold.
 */
export type Pair = readonly [FindingId, string | undefined, RunRecord, RunRecord];
