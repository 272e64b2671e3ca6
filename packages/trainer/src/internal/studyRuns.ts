import type { ByPath, Json } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Measuring } from "../measuring.js";
import { snapshotFrom, type CheckpointWriter, type Snapshot } from "../snapshot.js";
import type { FinishedRun } from "../studyResults.js";
import type { StudyStore } from "../studyStore.js";
import { fromJson, toJson } from "./plainJson.js";
import { differenceOf, sorted, type Definition } from "./studyDefinition.js";

/** The key under which the text of a stored run says which run it is and how it was measured. */
const key = "tenon.study";

/** What is stored of a run in addition to its snapshot. */
interface Stored {
  readonly arm: string;
  readonly seed: number;
  readonly definition: Definition;
  /** What each measure is. */
  readonly measures: ByPath<Json>;
  /** The states of the measures; of a run that goes on. */
  readonly states?: ByPath<Json>;
  /** Of a run that has ended. */
  readonly result?: FinishedRun;
}

/** One run of a study in its store. */
export interface RunStore {
  /**
   * What is stored: the result of a run that has ended, or the snapshot from which it continues,
   * with the states of its measures loaded. Undefined where nothing is.
   */
  read(): Promise<{ readonly result?: FinishedRun; readonly snapshot?: Snapshot } | undefined>;
  /** Where `fit` writes snapshots. */
  readonly checkpoints: CheckpointWriter;
  /** Replaces the snapshot by the result. */
  finish(result: FinishedRun): Promise<void>;
}

export function runStore(
  store: StudyStore,
  { arm, seed }: Pick<FinishedRun, "arm" | "seed">,
  definition: Definition,
  measured: Measuring,
): RunStore {
  const name = `${arm} seed ${seed}`;
  const textOf = (state: Pick<Stored, "states" | "result">): ByPath<string> => {
    const stored: Stored = { arm, seed, definition, measures: measured.descriptions, ...state };
    return { [key]: toJson(stored) };
  };
  return {
    async read() {
      const found = await store.read(name);
      if (found === undefined) return undefined;
      const stored = storedFrom(found.metadata, name);
      checkSame(stored, { arm, seed, definition, measures: measured.descriptions });
      const { result, states } = stored;
      if (result) {
        const { reason, steps, epochs } = result;
        const { recorders, descriptions } = measured;
        const isMeasure = (part: string): boolean => !recorders.includes(part);
        const measures = only(result.measures, Object.keys(descriptions).filter(isMeasure));
        const records = recorders.length > 0 && { records: only(result.records!, recorders) };
        return { result: { arm, seed, reason, steps, epochs, measures, ...records } };
      }
      measured.load(only(states!, Object.keys(measured.descriptions)));
      return { snapshot: snapshotFrom(found.arrays, found.metadata) };
    },
    checkpoints: {
      async write(snapshot, arrays, metadata) {
        if (snapshot !== "last") return; // the best weights are in the last snapshot, too
        await store.write(name, arrays, { ...metadata, ...textOf({ states: measured.states() }) });
      },
    },
    finish: (result) => store.write(name, {}, textOf({ result })),
  };
}

/** The values of these names, in their order. */
const only = <V>(values: ByPath<V>, names: readonly string[]): ByPath<V> =>
  Object.fromEntries(names.map((name) => [name, values[name]!]));

const isObject = (value: unknown): value is ByPath<unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the text of a stored run says. Throws where it is no run of a study. */
function storedFrom(metadata: ByPath<string>, name: string): Stored {
  let stored: unknown;
  try {
    stored = fromJson(metadata[key]!);
  } catch {
    stored = undefined;
  }
  const { arm, seed, definition, measures, states, result } = (
    isObject(stored) ? stored : {}
  ) as Partial<Stored>;
  const isRun =
    typeof arm === "string" &&
    Number.isInteger(seed) &&
    isObject(definition) &&
    isObject(measures) &&
    (isResult(result) || (result === undefined && isObject(states)));
  if (!isRun)
    throw badArgument(
      "study",
      `a run of a study under ${shown(name)} in the store`,
      metadata?.[key]?.slice(0, 80) ?? `no "${key}" in its text`,
      "remove it from the store, and the run is done again",
    );
  return stored as Stored;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isResult(result: Partial<FinishedRun> | undefined): boolean {
  return (
    isObject(result) &&
    ["done", "earlyStopping", "nonFinite"].includes(result.reason as string) &&
    isCount(result.steps) &&
    isCount(result.epochs) &&
    isObject(result.measures) &&
    Object.values(result.measures).every((value) => value === null || Number.isFinite(value)) &&
    (result.records === undefined || isObject(result.records))
  );
}

/** Throws where what is stored is not this run of this study. */
function checkSame(stored: Stored, now: Stored): void {
  const fix = "give the arm another name, or use another store";
  const which = `arm ${shown(now.arm)} with seed ${now.seed}`;
  if (stored.arm !== now.arm || stored.seed !== now.seed)
    throw badArgument(
      "study",
      `${which} under its name in the store`,
      `arm ${shown(stored.arm)} with seed ${stored.seed}`,
      "put the stored runs back under their names",
    );
  const part = differenceOf(stored.definition, now.definition);
  if (part !== undefined)
    throw badArgument(
      "study",
      `${which} to have the ${part} that it was stored with, ` +
        brief(stored.definition[part], now.definition[part]),
      brief(now.definition[part], stored.definition[part]),
      fix,
    );
  for (const [measure, description] of Object.entries(now.measures)) {
    const before = stored.measures[measure];
    if (before === undefined || sorted(before) !== sorted(description))
      throw badArgument(
        "study",
        `${which} to be measured as when it was stored, ${shown(measure)} by ` +
          brief(before, description),
        brief(description, before),
        "give the measure another name only with another store: what a run measured is stored",
      );
  }
}

/** A value as JSON; a long one from shortly before where it begins to differ from another. */
function brief(value: Json | undefined, other: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  const otherText = JSON.stringify(other) ?? "";
  if (text.length <= 120) return text;
  let begin = 0;
  while (begin < text.length && text[begin] === otherText[begin]) begin++;
  begin = Math.max(0, begin - 40);
  const end = Math.min(begin + 120, text.length);
  return `${begin > 0 ? "…" : ""}${text.slice(begin, end)}${end < text.length ? "…" : ""}`;
}
