import { badArgument, inNameOf, known, shown } from "@tenon/guards";
import { addEvent, type RunEvent } from "./addEvent.js";
import { examine } from "./examine.js";
import type { Finding } from "./finding.js";
import { rules } from "./rules.js";
import { newRecord, type RecordOptions, type RunRecord } from "./record.js";

/** A run that is watched: what is known of it, and what has been found. */
export interface Watched {
  readonly record: RunRecord;
  /** All that was new at some time, the oldest first. */
  readonly findings: readonly Finding[];
  /** What the last event brought to light. */
  readonly fresh: readonly Finding[];
}

/**
 * Between observed steps the losses are looked at every 8 steps at first, and after each eighth of
 * a power of two later.
 */
const every = (step: number): number => Math.max(8, 2 ** (Math.floor(Math.log2(step)) - 3));

/** Begins to watch: what the set-up and the data show by themselves is in `fresh`. */
export function startWatch(options: RecordOptions = {}): Watched {
  known("startWatch", options, "setup data");
  return looked({
    record: inNameOf("startWatch", () => newRecord(options)),
    findings: [],
    fresh: [],
  });
}

/**
 * One more event of a run. `fresh` holds the findings that it brought to light, each once; what
 * another finding explains is not among them, also where the other was an error and is past: a rate
 * that was too high leaves dead units behind.
 *
 * A reducer: `watched = watch(watched, event)`. Nothing is changed in place.
 *
 * @throws RangeError if `watched` does not come from `startWatch` or `watch`, and as `addEvent`
 *   does
 */
export function watch(watched: Watched, event: RunEvent): Watched {
  if (!Array.isArray(watched?.findings) || typeof watched.record !== "object")
    throw badArgument("watch", "what startWatch() or watch gave", shown(watched));
  const record = inNameOf("watch", () => addEvent(watched.record, event));
  const next = { ...watched, record, fresh: [] };
  const passes =
    event.type === "checkpoint" ||
    (event.type === "step" &&
      record.step % every(record.step) !== 0 &&
      record.nonFinite === undefined);
  return passes ? next : looked(next);
}

function looked({ record, findings }: Watched): Watched {
  const past = findings.filter(({ severity }) => severity === "error");
  const consequences = past.flatMap(
    ({ id }) => rules.find((rule) => rule.id === id)?.explains ?? [],
  );
  const fresh = examine(record).filter(
    ({ id, explainedBy }) =>
      explainedBy === undefined &&
      !consequences.includes(id) &&
      findings.every((finding) => finding.id !== id),
  );
  return { record, findings: [...findings, ...fresh], fresh };
}
