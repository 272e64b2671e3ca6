import type { Language } from "@tenon/experiments/words";
import type { FitEvent, StudySetup } from "@tenon/trainer";
import type { Said } from "../protocol.js";
import type { Describe, Finding, Watcher } from "./doctor.js";
import { once } from "./once.js";

/** What the doctor has said of a run so far. */
export interface Consultation {
  see(event: FitEvent): void;
  said(): readonly Said[];
}

/** Lets the doctor look at runs. */
export interface Consultations {
  of(arm: string, setup: StudySetup): Consultation;
  /** What is said is in this language from now on. */
  speak(language: Language): Promise<void>;
}

/**
 * The doctor's code and words are loaded while runs train already: the events until then are kept
 * for it. Without a network, before it was ever loaded, it says nothing.
 *
 * @param base the address of the page
 * @param changed what is said is known now, or is in another language
 */
export function consultations(base: string, changed: () => void): Consultations {
  let language: Language = "en";
  let words: Describe | undefined;
  const load = once(() => import("./doctor.js"));
  const learn = async (): Promise<void> => {
    const wanted = language;
    const { describing } = await load();
    const learnt = await describing(wanted, base);
    if (wanted === language) words = learnt;
  };
  return {
    of(arm, setup) {
      const findings: Finding[] = [];
      let kept: FitEvent[] = [];
      let watcher: Watcher | undefined;
      let isAsked = false;
      const look = (): void => {
        for (const one of kept) findings.push(...watcher!(one));
        kept = [];
      };
      const ask = (): void => {
        isAsked = true;
        Promise.all([load(), words ?? learn()]).then(
          ([{ watcherOf }]) => {
            watcher = watcherOf(setup);
            // A run may have ended before.
            look();
            changed();
          },
          () => (watcher = () => []),
        );
      };
      return {
        see(event) {
          kept.push(event);
          // The first steps of all arms come first.
          if (!isAsked && (event.type === "end" || (event.type === "step" && event.step > 4)))
            ask();
          if (watcher) look();
        },
        said: () => (words ? findings.map((finding) => ({ arm, ...words!(finding) })) : []),
      };
    },
    async speak(wanted) {
      if (language === wanted) return;
      language = wanted;
      if (!words) return;
      await learn();
      changed();
    },
  };
}
