import { fit, measuring, type EndEvent } from "@tenon/trainer";
import type { Experiment, Given, Size } from "./experiment.js";
import { meanLoss } from "./measures.js";

/**
 * A sweep of learning rates: each kind of arm is trained at each of the same rates, with seeds that
 * are not those of the experiment.
 */
export interface Sweep {
  readonly kinds: readonly string[];
  readonly rates: readonly number[];
  readonly seeds: readonly number[];
  readonly size: Size;
  /** The options of an arm of a kind at a rate. */
  readonly options: (kind: string, rate: number) => ReturnType<Experiment["arms"]>[string];
}

/**
 * For each kind, at each rate, the mean training loss over steps and seeds, to six digits; null
 * where a run was not finite.
 */
export type SweepLosses = Readonly<Record<string, readonly (number | null)[]>>;

/** The rate at which the loss is lowest. */
export function bestRate(
  { rates }: Pick<Sweep, "rates">,
  losses: readonly (number | null)[],
): number {
  const finite = losses.map((loss) => loss ?? Infinity);
  return rates[finite.indexOf(Math.min(...finite))]!;
}

/** Trains a sweep. */
export async function sweepLosses(
  of: Experiment,
  sweep: Sweep,
  given: Pick<Given, "digits" | "engine">,
): Promise<SweepLosses> {
  const losses: Record<string, (number | null)[]> = {};
  for (const kind of sweep.kinds) {
    losses[kind] = [];
    for (const rate of sweep.rates)
      losses[kind].push(await lossOf(of, sweep, sweep.options(kind, rate), given));
  }
  return losses;
}

async function lossOf(
  { setup }: Experiment,
  { seeds, size }: Sweep,
  arm: ReturnType<Sweep["options"]>,
  given: Pick<Given, "digits" | "engine">,
): Promise<number | null> {
  let sum = 0;
  for (const seed of seeds) {
    const { model, validation: _, observe: __, ...options } = setup(arm, { ...given, size, seed });
    const measured = measuring({ loss: meanLoss() });
    let end: EndEvent | undefined;
    for await (const event of fit(model, { ...options, seed })) {
      measured.see(event);
      if (event.type === "end") end = event;
    }
    const { reason, measures } = measured.finished({ arm: "", seed }, end!);
    if (reason === "nonFinite") return null;
    sum += measures["loss"]!;
  }
  return Number((sum / seeds.length).toPrecision(6));
}
