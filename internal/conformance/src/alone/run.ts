import { startTests, type Task, type VitestRunner } from "@vitest/runner";

/** What became of a test. */
export interface Outcome {
  /** Its name, behind those of the suites around it. */
  readonly name: string;
  readonly state: "pass" | "fail" | "skip";
  /** Why it failed, or was skipped. */
  readonly why: string;
  readonly milliseconds: number;
}

/** Runs the tests that a function declares, one after the other. */
export async function outcomesOf(declare: () => unknown): Promise<Outcome[]> {
  const timeout = 600_000;
  const runner: VitestRunner = {
    importFile: (_, source) => (source === "collect" ? declare() : undefined),
    config: {
      ...{ root: "/", setupFiles: [], name: undefined, passWithNoTests: false },
      ...{ testNamePattern: undefined, allowOnly: false, chaiConfig: undefined },
      ...{ maxConcurrency: 1, testTimeout: timeout, hookTimeout: timeout, retry: 0 },
      ...{ includeTaskLocation: false, tags: [], tagsFilter: undefined, strictTags: false },
      sequence: { seed: 0, hooks: "stack", setupFiles: "list" },
    },
  };
  const files = await startTests(["/suites"], runner);
  return files.flatMap((file) => outcomesIn(file, []));
}

function outcomesIn(task: Task, path: readonly string[]): Outcome[] {
  const { type, mode, result, name } = task;
  const errors = result?.errors?.map(({ message }) => message) ?? [];
  const own = task === task.file ? path : [...path, name];
  const state = result?.state === "fail" ? "fail" : mode === "run" ? "pass" : "skip";
  const outcome: Outcome = {
    ...{ name: own.join(" > "), state, why: errors.join("\n") },
    milliseconds: Math.round(result?.duration ?? 0),
  };
  if (type === "test") return [outcome];
  // A suite fails by itself where what it makes before its tests does.
  const failed = errors.length > 0 ? [outcome] : [];
  return [...failed, ...task.tasks.flatMap((inner) => outcomesIn(inner, own))];
}
