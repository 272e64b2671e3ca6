import type { ByPath, Json } from "@tenon/contracts";
import { badArgument, callable, known, list, made, shown, whole } from "@tenon/guards";
import { checkMeasures, isPlain } from "./checkMeasures.js";
import type { StudyOptions, StudySetup } from "../study.js";
import { checkRun } from "./checkRun.js";

/** Throws where an option of `study` makes no sense. */
export function checkStudy<A extends ByPath<Json>>(options: StudyOptions<A>): void {
  const { arms, seeds, setup, measures, records, store, checkpointEvery, signal } = known(
    "study",
    options,
    "arms seeds setup measures records store checkpointEvery signal",
  );
  checkArms(arms);
  list("study", "seeds", seeds);
  if (seeds.length === 0) throw badArgument("study", "seeds, at least one", "none");
  for (const seed of seeds)
    if (!Number.isInteger(seed) || (seed | 0) !== seed)
      throw badArgument("study", "seeds that are 32-bit integers", shown(seed));
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw badArgument("study", "different seeds", `${twice} twice`);
  callable("study", "setup", setup);
  checkMeasures("study", measures, records);
  if (store !== undefined)
    made("study", "store as a place for runs", store, "read write", "studyFolder(path)");
  checkRun("study", { signal });
  if (checkpointEvery === undefined) return;
  whole("study", "checkpointEvery", checkpointEvery, 1);
  if (!store)
    throw badArgument(
      "study",
      "a store when checkpointEvery is given",
      "none",
      "say where runs should go",
    );
}

function checkArms(arms: ByPath<Json>): void {
  if (!isPlain(arms) || Object.keys(arms).length === 0)
    throw badArgument(
      "study",
      "arms as options by name, such as { none: { dropout: 0 }, half: { dropout: 0.5 } }",
      shown(arms),
    );
  for (const [arm, options] of Object.entries(arms))
    if (!isJson(options))
      throw badArgument(
        "study",
        `arm ${shown(arm)} as options in JSON`,
        shown(options),
        "put names and numbers there, and make of them in setup what is no JSON",
      );
}

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object" || value === null)
    return value === null || ["boolean", "string"].includes(typeof value) || Number.isFinite(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isRecord = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isRecord && Object.values(value).every(isJson);
}

/** What the study gives `fit` itself. */
const givenByStudy = ["seed", "checkpoints", "checkpointEvery", "resume", "signal"];

/** What `setup` gave. Throws where it lacks a model, or has what the study itself gives. */
export function checkSetup(setup: StudySetup): StudySetup {
  if (!isPlain(setup))
    throw badArgument("study", "setup to give { model, … } for fit", shown(setup));
  const wrong = Object.keys(setup).find((option) => givenByStudy.includes(option));
  if (wrong !== undefined)
    throw badArgument(
      "study",
      "setup to give a model and options of fit",
      `"${wrong}", which the study gives`,
      "leave it out",
    );
  checkRun("study", { model: setup.model });
  return setup;
}
