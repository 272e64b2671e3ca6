import { badArgument, shown } from "@tenon/guards";
import type { Finding } from "./finding.js";
import { conclude, signsOf } from "./internal/conclude.js";
import type { RunRecord } from "./record.js";

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
  return conclude(signsOf(record));
}
