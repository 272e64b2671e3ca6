import type { Frame } from "./frame.js";

/** Where values are in a figure, and where its plot is, in pixels. */
export interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function placeIn({ x, y, width, height, margins }: Frame): Place {
  const [left, right] = [margins.left, width - margins.right];
  const [top, bottom] = [margins.top, height - margins.bottom];
  const scale = ({ type, domain }: Frame["x"], from: number, to: number) => {
    const t = type === "log" ? Math.log : (value: number) => value;
    const [low, high] = [t(domain[0]), t(domain[1])];
    const range = high - low || 1; // of a single value, before a run has begun
    return (value: number): number => from + ((t(value) - low) / range) * (to - from);
  };
  return { x: scale(x, left, right), y: scale(y, bottom, top), left, right, top, bottom };
}
