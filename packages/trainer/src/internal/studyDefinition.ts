import type { ByPath, Dataset, Digest, Json } from "@tenon/contracts";
import type { StudySetup } from "../study.js";
import { stepOf, type StepDescription } from "./studyStep.js";

/** What of a run's set-up can be compared with a stored one, by what it is called in messages. */
export type Definition = ByPath<Json>;

export type Describe = (options: Json, setup: StudySetup) => Promise<Definition>;

/** Describes set-ups. The identity of each dataset is computed once. */
export function describer(digest?: Digest): Describe {
  const identities = new Map<Dataset, Promise<string> | string>();
  const identityOf = async (data: Dataset | undefined): Promise<Json> => {
    if (!data?.identity || !digest) return null;
    const identity = identities.get(data) ?? data.identity(digest);
    identities.set(data, identity);
    return identity;
  };
  return async (options, setup) => {
    const { model, optimizer, engine, earlyStopping, best, dropLast = false } = setup;
    const { epochs = 1, batchSize = 32, metrics = [], penalties = [], validateEvery = 1 } = setup;
    const namesOf = (named: readonly { readonly name: string }[]): Json =>
      named.map(({ name }) => name);
    const step = described(setup);
    return {
      options,
      model: inJson(model),
      optimizer: optimizer?.name ?? null,
      penalties: namesOf(penalties),
      metrics: namesOf(metrics),
      epochs,
      batchSize,
      dropLast,
      "early stopping": earlyStopping?.monitor ?? null,
      best: best ? { ...best } : null,
      // null also of runs that were stored before there was the option
      "validated every": validateEvery > 1 ? validateEvery : null,
      engine: engine?.name ?? null,
      schedules: step?.schedules ?? null,
      "training step": step?.digest ?? null,
      "training data": await identityOf(setup.train),
      "validation data": await identityOf(setup.validation),
    };
  };
}

/** A model as JSON; null where it has a part, such as an init, that cannot be written down. */
function inJson(model: StudySetup["model"]): Json {
  try {
    return model.toJSON();
  } catch {
    return null;
  }
}

/** The training step; nothing where the set-up makes none: `fit` says why. */
function described(setup: StudySetup): StepDescription | undefined {
  try {
    return stepOf(setup);
  } catch {
    return undefined;
  }
}

/** The first part in which two definitions differ. */
export function differenceOf(stored: Definition, now: Definition): string | undefined {
  return Object.keys(now).find((part) => sorted(stored[part] ?? null) !== sorted(now[part]!));
}

/** JSON with the keys of each object in one order. */
export function sorted(value: Json): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
