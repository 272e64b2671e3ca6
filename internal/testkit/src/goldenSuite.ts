import { describe, test, type TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /**
     * Why a golden row is skipped; it is in vitest's JSON report, where the note of a skipped test
     * is not.
     */
    notCovered?: string;
  }
}

/** What a suite reads of a row. */
export interface Row {
  readonly id: string;
  readonly lib: string;
  readonly name: string;
  readonly precision?: "float32" | "bfloat16";
}

/**
 * Checks one row: throws if our values differ, calls `notCovered` if we have nothing that the row
 * is about.
 */
export type Runner<R extends Row> = (row: R) => void | Promise<void>;

const reasonOf = Symbol.for("tenon.notCovered");

/**
 * Marks a row whose function or option does not exist here: it is skipped, with the reason, and
 * counted.
 */
export function notCovered(reason: string): never {
  throw Object.assign(new Error(reason), { [reasonOf]: reason });
}

/**
 * How close to a row a float64 implementation must come, relative to max(1, |value|). Where an
 * optimizer rounds to bfloat16: relative to the length of each step, which parameters would hide.
 */
export function toleranceOf({ precision }: Row): number {
  return precision === "bfloat16" ? 0.1 : precision === "float32" ? 1e-5 : 1e-10;
}

/** One test for each row, by `lib/name`. Rows without a runner are skipped, and so counted. */
export function goldenSuite<R extends Row>(
  title: string,
  rows: readonly R[],
  runners: Readonly<Record<string, Runner<R>>>,
): void {
  const skip = (context: TestContext, reason: string): never => {
    context.task.meta.notCovered = reason;
    return context.skip(`not covered: ${reason}`);
  };
  describe(`golden ${title}`, () => {
    if (rows.length === 0)
      test(`${title} · every row`, (context) => skip(context, "the folder has no such rows"));
    for (const row of rows) {
      const kind = `${row.lib}/${row.name}`;
      const runner = Object.hasOwn(runners, kind) ? runners[kind] : undefined;
      test(`${kind} · ${row.id}`, async (context) => {
        if (!runner) skip(context, "no such thing here yet");
        try {
          await runner!(row);
        } catch (error) {
          const reason = (error as { [reasonOf]?: string })[reasonOf];
          if (reason === undefined) throw error;
          skip(context, reason);
        }
      });
    }
  });
}
