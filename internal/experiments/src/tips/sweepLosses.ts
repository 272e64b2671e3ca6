import { fit, measuring, type EndEvent } from "@tenon/trainer";
import type { Given } from "../experiment.js";
import { meanLoss } from "../measures.js";
import { optimizers, raceTip, sweepRates, sweepSeeds, sweepSize } from "./race.js";

/** Trains the sweep by which the rates of the race are tuned. */
export async function sweepLosses(
  given: Pick<Given, "digits" | "engine">,
): Promise<Record<string, (number | null)[]>> {
  const losses: Record<string, (number | null)[]> = {};
  for (const optimizer of Object.keys(optimizers)) {
    losses[optimizer] = [];
    for (const rate of sweepRates) losses[optimizer].push(await lossAt(optimizer, rate, given));
  }
  return losses;
}

/** The mean over seeds, to six digits; null where a run was not finite. */
async function lossAt(
  optimizer: string,
  rate: number,
  given: Pick<Given, "digits" | "engine">,
): Promise<number | null> {
  let sum = 0;
  for (const seed of sweepSeeds) {
    const setup = raceTip.setup({ optimizer, rate }, { ...given, size: sweepSize, seed });
    const { model, validation: _, observe: __, ...options } = setup;
    const measured = measuring({ loss: meanLoss() });
    let end: EndEvent | undefined;
    for await (const event of fit(model, { ...options, seed })) {
      measured.see(event);
      if (event.type === "end") end = event;
    }
    const { reason, measures } = measured.finished({ arm: optimizer, seed }, end!);
    if (reason === "nonFinite") return null;
    sum += measures["loss"]!;
  }
  return Number((sum / sweepSeeds.length).toPrecision(6));
}
