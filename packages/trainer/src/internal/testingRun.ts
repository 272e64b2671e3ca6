import type { Layer } from "@tenon/contracts";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { reference, type Tensor } from "@tenon/tensor";
import { diagnose } from "../diagnose.js";
import type { EndEvent, FitEvent } from "../events.js";
import { fit, type FitOptions } from "../fit.js";
import { descent, network, quadrants } from "./testing.js";

/** A small run, which tests change. */
export const options: FitOptions = {
  train: quadrants(200),
  validation: quadrants(100, 2),
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: descent(0.1),
  engine: reference(),
  diagnose,
  epochs: 3,
  batchSize: 32,
  seed: 7,
};

/** Runs to the end; gives all events. */
export async function run(
  more: Partial<FitOptions> = {},
  model: Layer<Tensor> = network(),
  tap: (event: FitEvent) => void = () => {},
): Promise<{ events: FitEvent[]; end: EndEvent }> {
  const events: FitEvent[] = [];
  for await (const event of fit(model, { ...options, ...more })) {
    events.push(event);
    tap(event);
  }
  return { events, end: events[events.length - 1] as EndEvent };
}
