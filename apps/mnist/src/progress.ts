import type { StepStatistics } from "@tenon/contracts";
import {
  appended,
  bar,
  duration,
  emptySeries,
  figure,
  flowed,
  grouped,
  type Outside,
  percent,
  type Series,
  sparkline,
  widthOf,
} from "@tenon/terminal";
import type { EpochEvent, FitEvent, Scores, StepEvent } from "@tenon/trainer";
import colors from "picocolors";

/** Shows a run as it goes. */
export interface Progress {
  see(event: FitEvent): void;
}

/**
 * An epoch in one line where it fits, else in shorter words, else in several; no figure is broken.
 */
export function epochLine(
  { epoch, epochs, train, validation, seconds, best }: EpochEvent,
  columns: number = Infinity,
): string {
  const head = `${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const time = colors.dim(duration(seconds));
  const scores = (values: Scores): [string, string] => [
    values["loss"]!.toFixed(4),
    percent(values["accuracy"]!),
  ];
  const [loss, right] = scores(train);
  const [validationLoss, validationRight] = validation ? scores(validation) : ["", ""];
  const green = colors.green(validationRight);
  const name = colors.dim("validation");
  const star = (text: string): string[] => (best ? [colors.yellow(text)] : []);
  const long = [
    colors.bold(`epoch ${head}`),
    `loss ${loss}`,
    `accuracy ${right}`,
    ...(validation ? [`${name} loss ${validationLoss}`, `accuracy ${green}`] : []),
    time,
    ...star("★ best"),
  ];
  const short = [
    colors.bold(`epoch ${head}`),
    `loss ${loss}, ${right}`,
    ...(validation ? [`${name} ${validationLoss}, ${green}`] : []),
    time,
    ...star("★ best"),
  ];
  const terse = [
    colors.bold(head),
    `${loss}, ${right}`,
    ...(validation ? [`${name} ${validationLoss}, ${green}`] : []),
    time,
    ...star("★"),
  ];
  return flowed(
    [long, short].find((parts) => widthOf(parts.join("  ")) <= columns) ?? terse,
    columns,
  );
}

/**
 * How the step under way is shown: the position in the epoch, the speed and the remaining time, as
 * far as the width allows.
 */
export function stepLine(
  { epoch, batch, batches, running }: StepEvent,
  {
    epochs,
    imagesPerSecond,
    secondsLeft,
    columns,
  }: {
    readonly epochs: number;
    readonly imagesPerSecond: number;
    readonly secondsLeft: number;
    readonly columns: number;
  },
): string {
  const loss = `loss ${running["loss"]!.toFixed(4)}`;
  const right = percent(running["accuracy"] ?? 0);
  const time = `${duration(secondsLeft)} left`;
  const texts = [
    `${loss}  accuracy ${right}  ${grouped(Math.round(imagesPerSecond))} ` + `images/s  ${time}`,
    `${loss}  accuracy ${right}  ${time}`,
    `${loss}  ${time}`,
    time,
    "",
  ];
  const head = `epoch ${epoch}/${epochs} `;
  const room = columns - head.length - 5;
  const least = 8; // with space for ^C
  const text = texts.find(({ length }) => length + least <= room) ?? "";
  const width = Math.min(32, room - text.length);
  const drawn = bar(batch / batches, Math.max(0, width));
  return `${colors.bold(head)}${colors.cyan(drawn)}  ${text}`.trimEnd();
}

/**
 * The courses of the loss and, where it is observed, of the norm of the gradient: a line each, with
 * the first and the last value. `head`: the columns that their names fill.
 */
export function curves(
  losses: Series,
  gradients: Series,
  { head, columns }: { readonly head: number; readonly columns: number },
): string[] {
  const width = Math.min(losses.means.length, 64, columns - head - 24);
  const line = (name: string, { means, first, last }: Series): string =>
    `${colors.dim(name.padEnd(head))}${colors.cyan(sparkline(means, width))}  ` +
    `${figure(first)} → ${figure(last)}`;
  return [
    ...(losses.means.length > 0 ? [line("loss", losses)] : []),
    // As wide as the other: both are of the same steps.
    ...(gradients.means.length > 0 ? [line("gradient", gradients)] : []),
  ];
}

/** The norm of all gradients together. */
export const gradientNorm = ({ params }: Pick<StepStatistics, "params">): number =>
  Math.hypot(...Object.values(params).map((param) => param.gradientNorm));

/** In a terminal of fewer rows there is one live line only. */
const rowsForCurves = 12;
const columnsForCurves = 60;

/**
 * Live lines in a terminal, one line for each epoch elsewhere. Below the line of the step under way
 * are the curves of the loss and, where gradients are observed, of their norm.
 */
export function people(out: Outside): Progress {
  let [losses, gradients] = [emptySeries, emptySeries];
  let epochs = 0;
  let total = 0;
  let drawn = 0;
  let began = 0;
  let first = 0;
  let examples = 0;
  return {
    see(event) {
      if (event.type === "start") {
        epochs = event.epochs;
        total = event.epochs * event.stepsPerEpoch;
        began = performance.now();
        first = event.step;
      } else if (event.type === "statistics") {
        gradients = appended(gradients, gradientNorm(event));
      } else if (event.type === "step" && out.live) {
        examples += event.examples;
        losses = appended(losses, event.loss);
        const now = performance.now();
        if (now - drawn < 100 && event.batch < event.batches) return;
        drawn = now;
        const seconds = (now - began) / 1000;
        const columns = out.columns();
        const line = stepLine(event, {
          epochs,
          imagesPerSecond: examples / seconds,
          secondsLeft: (seconds / (event.step - first)) * (total - event.step),
          columns,
        });
        const head = Math.max(`epoch ${event.epoch}/${epochs} `.length, "gradient ".length);
        const hasRoom = out.rows() >= rowsForCurves && columns >= columnsForCurves;
        const below = hasRoom ? curves(losses, gradients, { head, columns }) : [];
        out.draw([line, ...below]);
      } else if (event.type === "epoch") {
        out.write(`${epochLine(event, out.columns())}\n`);
      } else if (out.live && (event.type === "nonFinite" || event.type === "end")) {
        out.draw([]);
      }
    },
  };
}

/** One event a line, for machines. */
export function machines(write: (line: object) => void): Progress {
  return {
    see(event) {
      if (event.type === "start") {
        const { step, epoch, epochs, stepsPerEpoch, threads, parameters } = event;
        write({ type: "start", step, epoch, epochs, stepsPerEpoch, threads, parameters });
      } else if (event.type === "epoch") {
        const { epoch, step, train, validation, seconds, best } = event;
        write({
          type: "epoch",
          epoch,
          step,
          loss: train["loss"],
          accuracy: train["accuracy"],
          validationLoss: validation?.["loss"],
          validationAccuracy: validation?.["accuracy"],
          seconds,
          best,
        });
      } else if (event.type === "nonFinite") {
        const { step, epoch, where, message } = event;
        write({ type: "nonFinite", step, epoch, where, message });
      }
    },
  };
}
