import { parseHTML } from "linkedom";
import type { FigureWords } from "./index.js";

export const words: FigureWords = {
  title: "Loss & accuracy",
  description: "What one sees: <a falls>.",
  arms: { a: "sigmoid", b: "ReLU", c: "tanh" },
  axes: { step: "step", loss: "training loss", arm: "" },
  series: { training: "training" },
  marks: { goal: "goal", printed: "as printed" },
  broken: "{arm}: not finite from here on",
};

export interface Parsed {
  readonly svg: Element;
  all(selector: string): Element[];
  /** Attributes as numbers. */
  numbers(element: Element, ...names: readonly string[]): number[];
  texts(): string[];
  /** Where a value is, in pixels, by the positions of two ticks of the axis. */
  scaleOf(axis: "x" | "y", a: readonly [number, string], b: readonly [number, string]): Scale;
}

export type Scale = (value: number) => number;

const placeOf = (element: Element): [number, number] => {
  const [, x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(element.getAttribute("transform")!)!;
  return [Number(x), Number(y)];
};

export function parsed(text: string): Parsed {
  const { document } = parseHTML(`<html><body>${text}</body></html>`);
  const all = (selector: string): Element[] => Array.from(document.querySelectorAll(selector));
  return {
    svg: all("svg")[0]!,
    all,
    numbers: (element, ...names) => names.map((name) => Number(element.getAttribute(name))),
    texts: () => all("text").map(({ textContent }) => textContent ?? ""),
    scaleOf(axis, [a, textOfA], [b, textOfB]) {
      const labels = all(`[data-part="${axis}-axis tick label"] text`);
      const at = (wanted: string): number => {
        const label = labels.find(({ textContent }) => textContent === wanted);
        if (!label)
          throw new Error(`no tick ${wanted} among ${labels.map((l) => l.textContent).join()}`);
        return placeOf(label)[axis === "x" ? 0 : 1];
      };
      const [from, to] = [at(textOfA), at(textOfB)];
      return (value) => from + ((value - a) / (b - a)) * (to - from);
    },
  };
}

/** The points of the paths of a kind of mark: an array of points for each part that is drawn. */
export function pathsOf({ all }: Parsed, mark: string): [number, number][][] {
  return all(`[data-part="${mark}"] path`).flatMap((path) =>
    path
      .getAttribute("d")!
      .split("M")
      .filter((part) => part !== "")
      .map((part) =>
        part
          .replace(/Z$/, "")
          .split("L")
          .map((point) => point.split(",").map(Number) as [number, number]),
      ),
  );
}
