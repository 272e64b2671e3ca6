import type { Json } from "@tenon/contracts";
import { dataset, rescale, take, toUnit, type InMemoryDataset } from "@tenon/data";
import { studyFolder } from "@tenon/formats/node";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { modelOf } from "@tenon/mnist/models";
import { adam } from "@tenon/optimizers";
import { areaUnderLoss, bestOf, finalOf, gridOf, stepsTo, study } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { mnist } from "./mnist.js";

/** How a process of the study goes; plain data, so that it can be given to one. */
export interface Call {
  /** Where its runs are stored; nowhere without it. */
  readonly folder?: string;
  /** How many digits it trains on, of 28×28 pixels, and how many it is validated on. */
  readonly train: number;
  readonly validation: number;
  readonly checkpointEvery: number;
  /** The process kills itself this many milliseconds after the start of its n-th write. */
  readonly die?: { readonly write: number; readonly milliseconds: number };
}

const digits = (part: "train" | "t10k", count: number): InMemoryDataset => {
  const { images, labels } = mnist(part);
  const all = dataset({ x: images, y: labels }, { exampleShape: [28, 28, 1] });
  return take(rescale(all, toUnit()), count);
};

/**
 * The tutorial's comparison of dropouts: rates 0, 0.2, 0.5 and 0.8, two seeds, one epoch. Prints a
 * line for each event as it comes, and the results as JSON in the last.
 */
export async function dropoutStudy(call: Call): Promise<void> {
  const print = (line: Json): void => console.log(JSON.stringify(line));
  const [train, validation] = [digits("train", call.train), digits("t10k", call.validation)];
  const engine = await wasm({ threads: 1 });
  const shared = { train, validation, loss: crossEntropy, metrics: [accuracy], engine };
  const events = study({
    arms: gridOf({ dropout: [0, 0.2, 0.5, 0.8] }),
    seeds: [1, 2],
    setup: ({ dropout }) => ({
      ...shared,
      model: modelOf({
        ...{ model: "mlp", filters: 32, dropout, classes: 10 },
        ...{ init: "he-normal", normalization: "none" },
      }),
      optimizer: adam(),
      epochs: 1,
    }),
    measures: {
      accuracy: finalOf("validation.accuracy", "higher"),
      best: bestOf("validation.loss", "lower"),
      area: areaUnderLoss(),
      steps: stepsTo("running.accuracy", 0.5, "higher"),
    },
    ...(call.folder !== undefined && {
      store: dying(call, studyFolder(call.folder)),
      checkpointEvery: call.checkpointEvery,
    }),
  });
  for await (const event of events) {
    if (event.type === "fit")
      print({ fit: event.event.type, ...("step" in event.event && { step: event.event.step }) });
    else if (event.type === "end") print({ type: "end", results: event.results as never });
    else print({ ...event } as never);
  }
}

/** A store whose process is killed during one of its writes, if that was asked for. */
function dying({ die }: Call, store: ReturnType<typeof studyFolder>): typeof store {
  let writes = 0;
  return {
    ...store,
    write(...args) {
      if (++writes === die?.write) {
        if (die.milliseconds === 0) process.kill(process.pid, "SIGKILL");
        setTimeout(() => process.kill(process.pid, "SIGKILL"), die.milliseconds);
      }
      return store.write(...args);
    },
  };
}
