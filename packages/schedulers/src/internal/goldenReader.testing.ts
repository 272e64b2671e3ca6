import type { Schedule } from "@tenon/contracts";
import { notCovered } from "@tenon/testkit";

// Reads the schedules of other libraries. Not exported, not shipped.

/** A schedule of another library: its name and options. */
export interface Spec {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads a library's options one by one; a test of an option that is not read is skipped. */
export interface Reader {
  has(option: string): boolean;
  number(option: string, fallback?: number): number;
  numbers(option: string): number[];
  flag(option: string, fallback: boolean): boolean;
  text(option: string, fallback?: string): string;
  specs(option: string): Spec[];
  scales(option: string): Record<string, number>;
  records(option: string): Record<string, unknown>[];
  /** Skips the test if there are options that were not read. */
  done(): void;
}

/** Reads the options of a schedule. */
export function reader({ name, options }: Spec): Reader {
  const reads = new Set<string>();
  function read<T>(option: string, fallback: T | undefined, is: (value: unknown) => value is T): T {
    reads.add(option);
    const value = options[option] ?? fallback;
    return is(value) ? value : notCovered(`${name}: ${option} is ${JSON.stringify(value)}`);
  }
  const isNumber = (value: unknown): value is number => typeof value === "number";
  const isNumbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every(isNumber);
  const isSpecs = (value: unknown): value is Spec[] =>
    Array.isArray(value) && value.every((spec) => typeof spec === "object");
  return {
    has: (option: string) => option in options,
    number: (option: string, fallback?: number) => read(option, fallback, isNumber),
    numbers: (option: string) => read(option, undefined, isNumbers),
    flag: (option: string, fallback: boolean) =>
      read(option, fallback, (value) => typeof value === "boolean"),
    text: (option: string, fallback?: string) =>
      read(option, fallback, (value) => typeof value === "string"),
    specs: (option: string) => read(option, undefined, isSpecs),
    scales: (option: string) =>
      read(
        option,
        undefined,
        (value): value is Record<string, number> =>
          typeof value === "object" && value !== null && Object.values(value).every(isNumber),
      ),
    records: (option: string) =>
      read(option, undefined, (value): value is Record<string, unknown>[] => Array.isArray(value)),
    done(): void {
      for (const option of Object.keys(options))
        if (!reads.has(option)) notCovered(`${name}: option ${option}`);
    },
  };
}

/** The schedule of a library, made from a table with a function for each name. */
export function build<Extra extends unknown[]>(
  table: Readonly<Record<string, (read: Reader, ...extra: Extra) => Schedule>>,
  spec: Spec,
  ...extra: Extra
): Schedule {
  if (!Object.hasOwn(table, spec.name)) return notCovered(`no ${spec.name} here`);
  const read = reader(spec);
  const schedule = table[spec.name](read, ...extra);
  read.done();
  return schedule;
}
