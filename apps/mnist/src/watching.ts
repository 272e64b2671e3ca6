import type { Transform } from "@tenon/contracts";
import { measure, setupOf, startWatch, watch, type Finding, type Language } from "@tenon/doctor";
import {
  brokenCall,
  counted,
  flowed,
  jsonLine,
  type Outside,
  red,
  wrapped,
  grouped,
} from "@tenon/terminal";
import type { FitEvent, Snapshot } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import {
  findingEvent,
  findingSentence,
  findingText,
  tally,
  titleOf,
  type Found,
} from "./findings.js";
import type { Digits } from "./mnist.js";
import type { modelFor } from "./models.js";
import { penaltiesOf } from "./optimizer.js";
import { remedyCall, remedyOf, type Made } from "./remedies.js";

/** Watches a run, and says what is wrong with it. */
export interface Doctor {
  /** Says what the set-up and the data show by themselves. */
  begin(): void;
  /** Says what an event brought to light. */
  see(event: FitEvent): void;
  /** Says what was found in all, and what was looked at. */
  end(): void;
  /** What was found so far. */
  findings(): readonly Finding[];
}

export interface Watching {
  readonly config: Config;
  readonly data: Digits;
  readonly model: ReturnType<typeof modelFor>;
  readonly optimizer: Transform;
  readonly outside: Outside;
  readonly language: Language;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Every how many steps the run is observed. */
  readonly every: number;
  readonly resume?: Snapshot | undefined;
}

/** A doctor for a run that is about to begin. */
export async function doctorFor(watching: Watching): Promise<Doctor> {
  const { config, data, outside, language, json, quiet, resume } = watching;
  const made: Made = { config, images: data.train.size };
  const began = resume?.progress.step ?? 0;
  const found: Found[] = [];
  let watched = await begun(watching);
  let [step, observed, epochs, afterEpoch] = [began, 0, 0, false];

  function say(finding: Finding): void {
    const shown = { finding, step };
    found.push(shown);
    if (json && !quiet) outside.write(jsonLine(findingEvent(shown, made, language)));
    else if (!quiet) {
      const text = findingText(shown, made, { language, columns: outside.columns() });
      outside.write(`${afterEpoch ? "\n" : ""}${text}\n\n`);
    } else if (finding.severity === "error")
      outside.warn(red(findingSentence(shown, made, language)));
    afterEpoch = false;
  }
  return {
    begin: () => watched.fresh.forEach(say),
    see(event) {
      if (event.type === "step" || event.type === "nonFinite") step = event.step;
      if (event.type === "statistics") observed++;
      if (event.type === "epoch") [epochs, afterEpoch] = [epochs + 1, true];
      watched = watch(watched, event);
      watched.fresh.forEach(say);
    },
    end() {
      if (quiet) return;
      const looked = { steps: step - began, observed, epochs };
      const { examples: images = 0 } = watched.record.data ?? {};
      if (!json) {
        outside.write(`\n${summaryText(found, made, { ...watching, ...looked, images })}\n`);
        return;
      }
      const findings = found.map((each) => ({
        ...{ id: each.finding.id, severity: each.finding.severity, step: each.step },
      }));
      outside.write(jsonLine({ type: "diagnosis", findings, ...looked, images }));
    },
    findings: () => found.map(({ finding }) => finding),
  };
}

/** What the set-up and the data show, and the epochs before a resumed one. */
async function begun({ config, data: { train }, model, optimizer, resume }: Watching) {
  const { batchSize, epochs, seed, classes } = config;
  const setup = setupOf(model, {
    ...{ input: train.x.shape, loss: "crossEntropy", optimizer, train },
    ...{ penalties: penaltiesOf(config), batchSize, epochs },
  });
  const start = startWatch({ setup, data: await measure(train, { seed, classes }) });
  const history = resume?.progress.history ?? [];
  return history.reduce((watched, scores) => watch(watched, { type: "epoch", ...scores }), start);
}

interface Looked extends Watching {
  readonly steps: number;
  readonly observed: number;
  readonly epochs: number;
  readonly images: number;
}

function lookedAt(looked: Looked): string {
  const { language, steps, observed, epochs, images, every, resume } = looked;
  const before = resume?.progress.step;
  if (language === "ko") {
    const since = before === undefined ? "" : `스텝 ${grouped(before)} 이후의 `;
    return (
      `살펴본 것: 설정, 훈련 이미지 ${grouped(images)}장, ${since}스텝 ${grouped(steps)}개의 ` +
      `손실, 그 가운데 ${grouped(observed)}개의 내부(${grouped(every)}스텝마다), ` +
      `에포크 ${grouped(epochs)}개.`
    );
  }
  const since = before === undefined ? "" : ` after step ${grouped(before)}`;
  const often = every === 1 ? "each" : `one in ${grouped(every)}`;
  return (
    `Looked at the set-up, ${counted(images, "training image")}, the loss of ` +
    `${counted(steps, "step")}${since}, the inside of ${grouped(observed)} of them (${often}), ` +
    `${counted(epochs, "epoch")}.`
  );
}

function summaryText(found: readonly Found[], made: Made, looked: Looked): string {
  const { outside, language } = looked;
  const columns = outside.columns();
  const title = colors.bold(language === "ko" ? "진단" : "Doctor");
  const all = tally(
    found.map(({ finding }) => finding),
    language,
  );
  const lines = [
    flowed([title, all], columns, { gap: 2 }),
    colors.dim(wrapped(lookedAt(looked), columns)),
  ];
  for (const each of found) {
    lines.push(flowed(titleOf(each, language).split(" "), columns, { gap: 1 }));
    const remedy = remedyOf(each.finding, made);
    if (!remedy) continue;
    const command = brokenCall(remedyCall(made.config, remedy), columns - 2);
    lines.push(`  ${colors.cyan(command)}`);
  }
  return lines.join("\n");
}
