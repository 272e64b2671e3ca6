import type { Chart } from "@tenon/experiments";
import { flushSync } from "svelte";
import type { Frame } from "./protocol.js";

/** What is shown of a picture: one that the build has made, or the chart of a run. */
export type Shown =
  | { readonly svg: string }
  | { readonly chart: Chart; readonly run: number; readonly isRunning: boolean };

/** Milliseconds of drawing in one animation frame. */
const budget = 8;

/** Pictures that are drawn one after the other, a few milliseconds in each animation frame. */
export interface Drawing {
  /** What is drawn of a picture now. */
  shown(picture: string): Shown | undefined;
  /** What is drawn of it, or will be next. */
  latest(picture: string): Shown | undefined;
  put(picture: string, next: Shown | undefined): void;
  /** Draws what was put, from the next animation frame on. */
  begin(): void;
}

/** @param rest is called when all is drawn that was put */
export function drawing(pictures: readonly string[], rest: () => void): Drawing {
  const cells = new Map(pictures.map((picture) => [picture, cell()]));
  const waiting = new Map<string, Shown | undefined>();
  let isAsked = false;
  function ask(): void {
    if (!isAsked) requestAnimationFrame(draw);
    isAsked = true;
  }
  function draw(): void {
    isAsked = false;
    const began = performance.now();
    for (const [picture, next] of waiting) {
      waiting.delete(picture);
      cells.get(picture)!.shown = next;
      flushSync();
      if (performance.now() - began > budget) break;
    }
    if (waiting.size > 0) ask();
    else rest();
  }
  return {
    shown: (picture) => cells.get(picture)!.shown,
    latest: (picture) => (waiting.has(picture) ? waiting.get(picture) : cells.get(picture)!.shown),
    put: (picture, next) => void waiting.set(picture, next),
    begin: ask,
  };
}

function cell(): { shown: Shown | undefined } {
  let shown = $state.raw<Shown>();
  return {
    get shown() {
      return shown;
    },
    set shown(next) {
      shown = next;
    },
  };
}

/** Whether nothing is to be drawn anew. */
export const isSame = (a: Shown | undefined, b: Shown | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    ("svg" in a
      ? "svg" in b && a.svg === b.svg
      : "chart" in b && a.chart === b.chart && a.isRunning === b.isRunning));

/** What part of its run each line of a picture that shows the claim has before it is drawn. */
const enough = 1 / 3;

/**
 * Whether the chart of a frame takes the place of what is shown. A chart stays until a run that
 * began anew has something to show. A picture that the build has made, and that shows the claim,
 * stays while training goes on until every line has a third of its run.
 */
export function isShowable(
  { chart, isNew }: Frame["charts"][number],
  shown: Shown | undefined,
  { isClaim, arms, isRunning }: Pick<Frame, "arms" | "isRunning"> & { readonly isClaim: boolean },
): boolean {
  const counts = chart.series.map(({ points }) => points.filter(({ y }) => y !== null).length);
  if (shown && "svg" in shown && isClaim && isRunning)
    return (
      counts.length > 0 &&
      counts.every((count) => count > 0) &&
      chart.series.every((series) => {
        const run = arms.find(({ arm }) => arm === series.arm);
        const isEnded = run?.state === "done" || run?.state === "nonFinite";
        return !run || isEnded || run.step >= enough * run.steps;
      })
    );
  // A single point is no line.
  const least = shown && "chart" in shown ? 1 : 0;
  return isNew && chart.series.some(({ kind }, i) => counts[i]! > (kind === "line" ? least : 0));
}
