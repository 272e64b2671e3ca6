import type { Step } from "@tenon/plan";
import type { Kernel } from "./kernels/kernel.js";
import { unsigned } from "./kernels/wgsl.js";

/** A shader in which numbers, such as the places of arrays, are left open. */
export interface Draft {
  /** The code, where `@k@` stands for the number k of `values`. */
  readonly code: string;
  readonly values: readonly number[];
  readonly workgroups: number;
  readonly steps: readonly Step<Kernel>[];
}

/** A shader for the steps of one dispatch. */
export interface Shader {
  readonly code: string;
  /** How many workgroups do its work. */
  readonly workgroups: number;
  /** How many more are there than work, which tell the code which of the dispatches it is. */
  readonly idle: number;
  readonly steps: readonly Step<Kernel>[];
}

/** More workgroups do not fit one direction with the idle ones beside them. */
const mostWorkgroups = 32768;

/** Dispatches whose numbers are each as far from those of the one before. */
interface Run {
  readonly first: Draft;
  strides: readonly number[];
  count: number;
}

/**
 * Shaders of drafts. Those that differ only in numbers that grow evenly from one to the next, as in
 * the repeated steps of a scan, have the same code: the driver makes one pipeline of it. The
 * code knows its place among them by the number of workgroups, which costs the caller nothing: idle
 * ones are added to those that work.
 */
export function shared(drafts: readonly Draft[]): Shader[] {
  const open = new Map<string, Run>();
  const placed = drafts.map((draft) => {
    const key = `${draft.workgroups} ${draft.code}`;
    let run = open.get(key);
    if (!run || !takes(run, draft)) {
      run = { first: draft, strides: draft.values.map(() => 0), count: 0 };
      open.set(key, run);
    }
    if (run.count === 1) run.strides = differences(draft, run.first);
    return { draft, run, place: run.count++ };
  });
  const codes = new Map([...new Set(placed.map(({ run }) => run))].map((x) => [x, codeOf(x)]));
  return placed.map(({ draft: { steps, workgroups }, run, place }) => ({
    ...{ steps, workgroups, code: codes.get(run)! },
    idle: isEven(run) ? 0 : place,
  }));
}

const differences = ({ values }: Draft, first: Draft): number[] =>
  values.map((value, k) => value - first.values[k]!);

const isEven = ({ strides }: Run): boolean => strides.every((stride) => stride === 0);

const takes = ({ first, strides, count }: Run, draft: Draft): boolean =>
  draft.workgroups + count <= mostWorkgroups &&
  (count === 1 ||
    differences(draft, first).every((difference, k) => difference === count * strides[k]!));

/** The code with its numbers; `@place@` is where the place is found, if they depend on it. */
function codeOf(run: Run): string {
  const { code, values, workgroups } = run.first;
  const numbers = values.map((value, k) => {
    const stride = run.strides[k]!;
    const first = unsigned(value);
    return stride === 0 ? first : `(${first} + place * ${unsigned(stride)})`;
  });
  const find = isEven(run) ? "" : `place = groups.x - ${workgroups}u;`;
  const text = code
    .replace("@place@", find)
    .replaceAll(/@(\d+)@/g, (_, k: string) => numbers[Number(k)]!);
  return isEven(run) ? text : `var<private> place: u32;\n${text}`;
}
