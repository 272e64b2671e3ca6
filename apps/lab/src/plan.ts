import { claimedControls, nearestValue, seedsOf, startValues } from "@tenon/experiments";
import type { Experiment, Size, Values } from "@tenon/experiments";
import { fail, labCall } from "@tenon/terminal";

/** What is to be run. */
export interface Plan {
  readonly of: Experiment;
  readonly sizeName: "quick" | "full";
  readonly size: Size;
  readonly values: Values;
  /** Those with which each arm is trained. */
  readonly seeds: readonly number[];
}

export interface PlanOptions {
  readonly quick?: boolean;
  /** How many: 1, 2, … */
  readonly seeds?: number;
  /** The only one. */
  readonly seed?: number;
  /** `rate=0.3` */
  readonly set?: readonly string[];
}

/** The plan of an experiment with these options. Fails in a sentence where one makes no sense. */
export function planOf(of: Experiment, options: PlanOptions): Plan {
  const { quick = false, seed, set = [] } = options;
  const sizeName = quick ? "quick" : "full";
  const { seeds = of.sizes[sizeName].seeds } = options;
  const size = { ...of.sizes[sizeName], seeds: seed === undefined ? seeds : 1 };
  return {
    ...{ of, sizeName, size, seeds: seed === undefined ? seedsOf(size) : [seed] },
    values: { ...startValues(of), ...Object.fromEntries(set.map((text) => settingOf(of, text))) },
  };
}

/** The control and the value that a text sets. */
function settingOf({ id, controls }: Experiment, text: string): [string, number | string] {
  const [, name, given] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (name === undefined || given === undefined)
    return fail(`--set expects a control and its value, such as rate=0.3, got "${text}"`, 2);
  const control = controls.find((each) => each.id === name);
  const names = controls.map((each) => each.id).join(", ");
  if (!control)
    return fail(
      names === ""
        ? `--set does nothing here: ${id} has no controls; leave it out`
        : `--set expects one of ${names} of ${id}, got "${name}"`,
      2,
    );
  if (control.kind === "choice") {
    if (control.choices.includes(given)) return [name, given];
    return fail(`--set ${name} expects one of ${control.choices.join(", ")}, got "${given}"`, 2);
  }
  const value = Number(given);
  const { from, to } = control;
  if (given.trim() === "" || !(value >= from && value <= to))
    fail(`--set ${name} expects a number from ${from} to ${to}, got "${given}"`, 2);
  const nearest = nearestValue(control, value);
  if (Math.abs(nearest - value) > 1e-6 * (to - from)) {
    if (control.isWhole)
      fail(`--set ${name} expects a whole number from ${from} to ${to}, got "${given}"`, 2);
    const distance = Number(((to - from) / (control.values - 1)).toPrecision(6));
    fail(`--set ${name} expects ${from}, ${from + distance}, … ${to}, got "${given}"`, 2);
  }
  return [name, nearest];
}

/** The values of a plan that differ from those that the controls begin with. */
export function changed({ of, values }: Plan): [string, number | string][] {
  const start = startValues(of);
  return Object.entries(values).filter(([name, value]) => value !== start[name]);
}

/** Those of them that change what is claimed. */
export function changedClaims(plan: Plan): [string, number | string][] {
  const claimed = claimedControls(plan.of);
  return changed(plan).filter(([name]) => claimed.includes(name));
}

/** The command that runs a plan, with further flags at its end. */
export function commandOf(plan: Plan, ...more: readonly string[]): string {
  const { of, sizeName } = plan;
  return labCall(
    of.id,
    ...(sizeName === "quick" ? ["--quick"] : []),
    ...seedFlags(plan),
    ...changed(plan).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
    ...more,
  );
}

function seedFlags({ of, sizeName, seeds }: Plan): readonly string[] {
  const count = seeds.length;
  if (count === of.sizes[sizeName].seeds && seeds[0] === 1) return [];
  return seeds[0] === 1 && count > 1 ? ["--seeds", String(count)] : ["--seed", String(seeds[0])];
}

/** What distinguishes the stored runs of a plan from those of others: `dropout-quick-rate=0.3`. */
export const folderName = (plan: Plan): string =>
  [plan.of.id, plan.sizeName, ...changed(plan).map(([name, value]) => `${name}=${value}`)].join(
    "-",
  );

/** How many runs a plan has. */
export const runsOf = ({ of, seeds, values }: Plan): number =>
  Object.keys(of.arms(values)).length * seeds.length;
