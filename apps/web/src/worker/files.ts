import type { ByPath, Json } from "@tenon/contracts";
import { readSafetensors, writeSafetensors } from "@tenon/formats";
import { metadataOf, snapshotFrom } from "@tenon/trainer";
import type { Answers, Question } from "../protocol.js";
import type { Interrupted } from "./armRun.js";
import type { Training } from "./training.js";

/** Under this key the metadata of a file say what was measured and recorded, as JSON. */
const statesKey = "tenon.page.states";

/** A safetensors file of an arm; a run that had not ended goes on. */
export async function fileOf(
  { firsts, resume, subject }: Training,
  { arm, what }: Extract<Question, { about: "file" }>,
): Promise<Answers["file"]> {
  const run = firsts().find((run) => run.arm === arm)!;
  const hadEnded = run.end !== undefined;
  const interrupted = await run.interrupt();
  if (!hadEnded) await resume(arm, interrupted);
  const { params, stats } = run.ending!;
  const { snapshot } = run.end!;
  const bytes =
    what === "weights"
      ? writeSafetensors({ ...params, ...stats })
      : writeSafetensors(snapshot.arrays, {
          ...metadataOf(snapshot),
          [statesKey]: JSON.stringify(interrupted.states),
        });
  const ending = what === "weights" ? "safetensors" : "run.safetensors";
  const name = `tenon-${subject.tip}-${arm}-step-${snapshot.progress.step}.${ending}`;
  return { name: name.replace(/[^\w.=-]+/g, "_"), bytes };
}

/** The run that a file of `fileOf` holds. */
export function runIn(bytes: Uint8Array): Interrupted {
  const { tensors, metadata } = readSafetensors(bytes);
  const snapshot = snapshotFrom(tensors, metadata);
  return { snapshot, states: JSON.parse(metadata[statesKey] ?? "{}") as ByPath<Json> };
}
