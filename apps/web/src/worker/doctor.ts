import { describe, setupOf, startWatch, texts, watch, type Finding } from "@tenon/doctor";
import type { Language } from "@tenon/experiments/words";
import type { FitEvent, StudySetup } from "@tenon/trainer";
import type { Said } from "../protocol.js";

export type { Finding } from "@tenon/doctor";

/** Looks at the events of a run; gives what each one brought to light. */
export type Watcher = (event: FitEvent) => readonly Finding[];

/** A finding in words. */
export type Describe = (finding: Finding) => Omit<Said, "arm">;

/**
 * Loads the words of a language, which the build leaves out of the scripts.
 *
 * @param base the address of the page
 */
export async function describing(language: Language, base: string): Promise<Describe> {
  const load = async (name: Language): Promise<void> => {
    const response = await fetch(new URL(`words/doctor-${name}.json`, base));
    Object.assign(texts[name], await response.json());
  };
  // A finding holds its tip in English.
  await Promise.all([...new Set<Language>(["en", language])].map(load));
  return (finding) => {
    const { title, meaning, tip } = describe(finding, language);
    return { severity: finding.severity, title, meaning, tip };
  };
}

/** Watches a run. */
export function watcherOf({
  model,
  train,
  optimizer,
  loss,
  penalties,
  batchSize,
  epochs,
}: StudySetup): Watcher {
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
    return all;
  };
}
