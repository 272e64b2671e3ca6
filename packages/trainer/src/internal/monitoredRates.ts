import type {
  Arithmetic,
  Clock,
  Flow,
  Json,
  MonitoredSchedule,
  Schedule,
  Transform,
} from "@tenon/contracts";
import type { EpochScores } from "../snapshot.js";

/** The schedules of an optimizer that follow a value of each epoch, and their states. */
export interface MonitoredRates {
  /** The optimizer, in which they have the values of their states. */
  readonly optimizer: Transform;
  /** Gives each of them its value of an epoch, unless that has none. */
  observe(scores: EpochScores): void;
  /** Their states, in the order in which the optimizer reads them. */
  states(): readonly Json[];
}

/** @param saved the states of a run that goes on */
export function monitoredRates(
  optimizer: Transform,
  saved: readonly Json[],
  valueOf: (monitor: string, scores: EpochScores) => number | undefined,
): MonitoredRates {
  const states = [...saved];
  const found = new Map<MonitoredSchedule, { readonly index: number; readonly at: Schedule }>();
  const read = (schedule: Schedule): Schedule => {
    if (!isMonitored(schedule)) return schedule.from?.(read) ?? schedule;
    let entry = found.get(schedule);
    if (!entry) {
      const index = found.size;
      states[index] ??= schedule.start;
      entry = { index, at: (step) => schedule.at(states[index]!, step) };
      found.set(schedule, entry);
    }
    return entry.at;
  };
  return {
    optimizer: {
      ...optimizer,
      update<T extends Arithmetic<T>>(flow: Flow<T>, clock: Clock<T>): Flow<T> {
        return optimizer.update(flow, {
          ...clock,
          value: (rate) => clock.value(typeof rate === "number" ? rate : read(rate)),
        });
      },
    },
    observe(scores) {
      for (const [schedule, { index }] of found) {
        const value = valueOf(schedule.monitor, scores);
        if (value !== undefined)
          states[index] = schedule.observe(states[index]!, value, scores.epoch);
      }
    },
    states: () => [...states],
  };
}

function isMonitored(schedule: Schedule): schedule is MonitoredSchedule {
  return typeof (schedule as Partial<MonitoredSchedule>).observe === "function";
}
