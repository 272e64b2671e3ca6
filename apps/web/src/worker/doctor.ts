import { describe, setupOf, startWatch, watch } from "@tenon/doctor";
import type { FitEvent, StudySetup } from "@tenon/trainer";
import type { Said } from "../protocol.js";

/** Looks at the events of a run; gives what each one brought to light. */
export type Watcher = (event: FitEvent) => readonly Said[];

/** Watches a run of an arm. */
export function watcherOf(
  arm: string,
  { model, train, optimizer, loss, penalties, batchSize, epochs }: StudySetup,
): Watcher {
  const setup = setupOf(model, {
    ...{ input: train.x.shape, train, loss, optimizer },
    ...(penalties && { penalties }),
    ...(batchSize !== undefined && { batchSize }),
    ...(epochs !== undefined && { epochs }),
  });
  let watched = startWatch({ setup });
  let fresh = watched.fresh;
  return (event) => {
    watched = watch(watched, event);
    const all = [...fresh, ...watched.fresh];
    fresh = [];
    return all.map((finding): Said => {
      const text = (language: "en" | "ko"): Said["texts"]["en"] => {
        const { title, meaning, tip } = describe(finding, language);
        return { title, meaning, tip };
      };
      return { arm, severity: finding.severity, texts: { en: text("en"), ko: text("ko") } };
    });
  };
}
