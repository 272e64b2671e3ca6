import type { Schedule } from "@tenon/contracts";

/** The values of the first steps. */
export function values(schedule: Schedule, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => schedule(step));
}
