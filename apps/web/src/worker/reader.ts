import type { Digits } from "@tenon/experiments";
import type { Engine } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { Answers, SandboxArm, Subject } from "../protocol.js";
import type { ArmRun } from "./armRun.js";
import type { Consultations } from "./consultation.js";
import { reading } from "./insight.js";
import { sandbox } from "./sandbox.js";
import { training, type Training } from "./training.js";

/** The network that reads drawn digits where the page has trained none yet. */
const own: SandboxArm = {
  ...{ model: "cnn", optimizer: "adam", rate: 0.003, batchSize: 32 },
  ...{ dropout: 0, normalization: "none", activation: "relu" },
};

/** Reads drawn digits with the network that was trained last, or with one of its own. */
export interface Reader {
  read(pixels: Uint8Array): Promise<Answers["reading"]>;
}

export interface ReaderOptions {
  readonly digits: () => Promise<Digits>;
  readonly engine: Engine<Tensor>;
  readonly doctor: Consultations;
  readonly turn: () => Promise<void>;
  /** What was trained last. */
  readonly latest: () => Training | undefined;
}

export function newReader({ digits, engine, doctor, turn, latest }: ReaderOptions): Reader {
  let trained: Promise<ArmRun> | undefined;
  const trainOwn = async (): Promise<ArmRun> => {
    const subject: Subject = {
      ...{ tip: "sandbox", values: {}, arms: { reader: own }, size: "quick", seed: 1 },
    };
    const of = sandbox(subject);
    const given = { digits: await digits(), engine, doctor };
    const alone = training({ run: 0, subject, of, ...given, known: new Map() });
    while (await alone.advance()) await turn();
    return alone.firsts()[0]!;
  };
  return {
    async read(pixels) {
      const last = latest();
      const run = last && bestOf(last);
      try {
        if (run) return reading(run, pixels, engine, last.subject.tip);
      } catch {
        // A network that takes something else than images of digits.
      }
      return reading(await (trained ??= trainOwn()), pixels, engine, undefined);
    },
  };
}

/** The arm with the best accuracy of those that have been trained; undefined if it reads badly. */
function bestOf({ firsts }: Training): ArmRun | undefined {
  const accuracyOf = ({ end }: ArmRun): number =>
    end?.history.at(-1)?.validation?.["accuracy"] ?? 0;
  const [best] = firsts().toSorted((a, b) => accuracyOf(b) - accuracyOf(a));
  return best && accuracyOf(best) >= 0.9 ? best : undefined;
}
