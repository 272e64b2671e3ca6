import { join } from "node:path";
import { counted, fail, type Outside, shown } from "@tenon/terminal";
import type { Config } from "./config.js";
import { refuseIdle } from "./flags.js";
import { claimed } from "./folders.js";
import { mannerOf, parted, type Flags } from "./options.js";
import { configAt, finite, plainWeights, runAt, type Saved } from "./runs.js";
import { train } from "./train.js";

type Progress = Saved["snapshot"]["progress"];

/** Continues a run, also to a later epoch than it was started for. */
export async function resume(
  folder: string,
  { epochs, data, ...rest }: Flags,
  outside: Outside,
): Promise<number> {
  await configAt(folder); // a folder without a run is left alone
  const claim = await claimed(folder);
  try {
    const { config, snapshot, trained } = await runAt(folder);
    if (snapshot) finite(plainWeights(snapshot), join(folder, "last.safetensors"));
    const { given, extras } = parted(rest);
    const done = snapshot?.progress;
    if (epochs !== undefined && done) refuseDone(folder, epochs, done);
    const next: Config = {
      ...config,
      ...(epochs !== undefined && { epochs }),
      ...(data !== undefined && { data }),
    };
    refuseIdle(extras, next, extras);
    if (trained && done && done.step > 0) warnOfChange(trained.epochs, next, outside);
    if (done) warnOfEnd(done, next, outside);
    // Without a snapshot it was stopped before the first one: it starts from the beginning.
    return await train(next, mannerOf(extras), {
      claim: () => Promise.resolve(claim),
      given,
      outside,
      isResumed: true,
      ...(snapshot && { resume: snapshot }),
    });
  } finally {
    await claim.release();
  }
}

/** Refuses a last epoch that the run has passed, or that it never comes to. */
function refuseDone(folder: string, epochs: number, done: Progress): void {
  const run = `the run in ${shown(folder)}`;
  if (done.stopped)
    fail(
      `--epochs does nothing here: ${run} stopped early, after epoch ${done.epoch}, as its ` +
        "validation loss got no better; start one with a larger --early-stopping",
      2,
    );
  if (epochs > done.epoch) return;
  if (done.batch === 0)
    fail(`--epochs expects more than the ${done.epoch} that ${run} has done, got ${epochs}`, 2);
  fail(
    `--epochs expects more than ${done.epoch}: epoch ${done.epoch + 1} of ${run} is under way, ` +
      `got ${epochs}`,
    2,
  );
}

/** Says where another number of epochs changes more than when the run ends. */
function warnOfChange(
  trained: number,
  { epochs, schedule, average }: Config,
  outside: Outside,
): void {
  const goesByEpochs = ["step", "cosine", "warmup-cosine"].includes(schedule);
  if (epochs === trained || !(goesByEpochs || average === "swa")) return;
  const what = average === "swa" ? "the average begins" : `the rate (${schedule}) goes`;
  outside.warn(
    `from here on ${what} by ${counted(epochs, "epoch")} instead of ${trained}: the ` +
      `run differs from one that was started with --epochs ${epochs}`,
  );
}

function warnOfEnd(done: Progress, { epochs }: Config, outside: Outside): void {
  if (done.stopped)
    outside.warn(`nothing is left to train: the run stopped early, after epoch ${done.epoch}`);
  else if (done.epoch >= epochs)
    outside.warn(
      `nothing is left to train: the run has done its ${counted(epochs, "epoch")}; ` +
        "--epochs with more of them trains it longer",
    );
}
