import type { FitEvent, StudySetup } from "@tenon/trainer";
import type { Said } from "../protocol.js";
import type { Watcher } from "./doctor.js";

/** What the doctor has said of a run so far. */
export interface Consultation {
  see(event: FitEvent): void;
  said(): readonly Said[];
}

/**
 * Lets the doctor look at a run. Its code is loaded while the run trains already: the events until
 * then are kept for it.
 */
export function consultation(arm: string, setup: StudySetup): Consultation {
  const said: Said[] = [];
  let kept: FitEvent[] | undefined = [];
  let watcher: Watcher | undefined;
  let isLoading = false;
  const load = (): void => {
    isLoading = true;
    import("./doctor.js").then(
      ({ watcherOf }) => {
        watcher = watcherOf(arm, setup);
      },
      () => {
        kept = undefined; // without a network, before it was ever loaded
      },
    );
  };
  return {
    see(event) {
      if (!isLoading && event.type === "step") load();
      kept?.push(event);
      if (!watcher || !kept) return;
      for (const one of kept) said.push(...watcher(one));
      kept = [];
    },
    said: () => said,
  };
}
