import type { EpochEvent, FitEvent, StepEvent } from "@tenon/trainer";
import { createLogUpdate } from "log-update";
import colors from "picocolors";

/** Shows a run as it goes. */
export interface Progress {
  see(event: FitEvent): void;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s` : `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
}

export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

/** `████████▌   ` */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  return ("█".repeat(full) + (eighths % 8 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1]! : "")).padEnd(width);
}

/** An epoch in one line. */
export function epochLine({ epoch, epochs, train, validation, seconds, best }: EpochEvent): string {
  const parts = [
    colors.bold(`epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`),
    `loss ${train["loss"]!.toFixed(4)}`,
    `accuracy ${percent(train["accuracy"]!)}`,
    ...(validation ? [`${colors.dim("validation")} loss ${validation["loss"]!.toFixed(4)}`, `accuracy ${colors.green(percent(validation["accuracy"]!))}`] : []),
    colors.dim(duration(seconds)),
    ...(best ? [colors.yellow("★ best")] : []),
  ];
  return parts.join("  ");
}

/** How the step under way is shown: where the epoch stands, how fast it goes and how long it will take. */
export function stepLine({ epoch, batch, batches, running }: StepEvent, { epochs, imagesPerSecond, left, columns }: { readonly epochs: number; readonly imagesPerSecond: number; readonly left: number; readonly columns: number }): string {
  const text = `loss ${running["loss"]!.toFixed(4)}  accuracy ${percent(running["accuracy"] ?? 0)}  ${Math.round(imagesPerSecond).toLocaleString("en")} images/s  ${duration(left)} left`;
  const head = `epoch ${epoch}/${epochs} `;
  const width = Math.max(8, Math.min(32, columns - head.length - text.length - 4));
  return `${colors.bold(head)}${colors.cyan(bar(batch / batches, width))}  ${text}`;
}

/** A live line in a terminal, one line for each epoch elsewhere. */
export function people(out: NodeJS.WriteStream): Progress {
  const live = out.isTTY ? createLogUpdate(out) : undefined;
  let epochs = 0, total = 0, shown = 0, began = 0, first = 0, seen = 0;
  return {
    see(event) {
      if (event.type === "start") {
        epochs = event.epochs;
        total = event.epochs * event.stepsPerEpoch;
        began = performance.now();
        first = event.step;
      } else if (event.type === "step" && live) {
        seen += event.examples;
        const now = performance.now();
        if (now - shown < 100 && event.batch < event.batches) return;
        shown = now;
        const seconds = (now - began) / 1000;
        live(stepLine(event, { epochs, imagesPerSecond: seen / seconds, left: (seconds / (event.step - first)) * (total - event.step), columns: out.columns || 80 }));
      } else if (event.type === "epoch") {
        live?.clear();
        out.write(`${epochLine(event)}\n`);
      } else if (event.type === "nonFinite" || event.type === "end") {
        live?.clear();
        live?.done();
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
        write({ type: "epoch", epoch, step, loss: train["loss"], accuracy: train["accuracy"], validationLoss: validation?.["loss"], validationAccuracy: validation?.["accuracy"], seconds, best });
      } else if (event.type === "nonFinite") {
        const { step, epoch, where, message } = event;
        write({ type: "nonFinite", step, epoch, where, message });
      }
    },
  };
}
