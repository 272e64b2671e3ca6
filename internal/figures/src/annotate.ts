import type { Chart, Series } from "@tenon/experiments";
import { armName, entryWidth, fontSize, lineHeight, type Frame } from "./frame.js";
import { placed } from "./labels.js";
import { textWidth, wrappedText } from "./text.js";
import type { FigureWords } from "./words.js";

interface Annotated {
  readonly chart: Chart;
  readonly words: FigureWords;
  readonly frame: Frame;
  readonly colorOf: (arm: string) => string;
  readonly id: string;
}

/** What Plot's result gives: where a value is, in pixels. */
type Scaled = SVGSVGElement & {
  scale(name: string): { apply(value: number): number } | undefined;
};

type Attributes = Readonly<Record<string, string | number>>;

/** Adds to a plot what depends on where things are: hatching, labels and the legend. */
export function annotate(svg: SVGSVGElement, annotated: Annotated): void {
  const to = (name: "x" | "y") => (value: number) => (svg as Scaled).scale(name)!.apply(value);
  const [x, y] = [to("x"), to("y")];
  const add = (parent: Element, name: string, attributes: Attributes, text = ""): Element => {
    const made = svg.ownerDocument.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== "") made.textContent = text;
    parent.append(made);
    return made;
  };
  const tools = { svg, x, y, add };
  hatch(annotated, tools);
  labelMarks(annotated, tools);
  labelEnds(annotated, tools);
  legend(annotated, tools);
}

interface Tools {
  readonly svg: SVGSVGElement;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly add: (parent: Element, name: string, attributes: Attributes, text?: string) => Element;
}

/** Text over lines is legible by an edge in the colour of the background. */
const halo: Attributes = {
  "paint-order": "stroke",
  stroke: "var(--figure-background, Canvas)",
  "stroke-width": 4,
  "stroke-linejoin": "round",
};

/** Hatches what is beyond the last finite step of an arm, and says so. */
function hatch({ chart, words, frame, colorOf, id }: Annotated, { svg, x, add }: Tools): void {
  const { width, height, margins } = frame;
  const [right, bottom] = [width - margins.right, height - margins.bottom];
  const all = [...(chart.broken ?? [])].sort((a, b) => a.x - b.x);
  for (const [i, { arm, x: at }] of all.entries()) {
    const [name, color] = [`${id}-hatch-${i + 1}`, colorOf(arm)];
    const pattern = add(svg, "pattern", {
      ...{ id: name, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      patternTransform: `rotate(${i % 2 === 0 ? 45 : -45})`,
    });
    add(pattern, "rect", { width: 2, height: 8, fill: color, "fill-opacity": 0.3 });
    const left = Math.min(Math.max(x(at), margins.left), right);
    const area = { x: left, y: margins.top, width: right - left, height: bottom - margins.top };
    add(svg, "rect", { ...area, fill: `url(#${name})`, "data-broken": arm });
    add(svg, "line", {
      ...{ x1: left, x2: left, y1: margins.top, y2: bottom, stroke: color, "stroke-width": 1.5 },
    });
  }
  let y = margins.top + 14;
  for (const { arm, x: at } of all) {
    const text = words.broken.replace("{arm}", armName(words, arm));
    for (const line of wrappedText(text, right - margins.left - 8, fontSize)) {
      const last = right - textWidth(line, fontSize) - 4;
      const start = Math.max(margins.left + 4, Math.min(x(at) + 6, last));
      const style = { "text-anchor": "start", "font-weight": 600, fill: colorOf(arm), ...halo };
      add(svg, "text", { x: start, y, ...style }, line);
      y += lineHeight;
    }
  }
}

/** Names each threshold at its end; the legend names those that have one name. */
function labelMarks({ chart, words, frame, colorOf }: Annotated, { svg, x, y, add }: Tools): void {
  const { width, margins } = frame;
  const marks = chart.marks ?? [];
  for (const { axis, value, label, arm } of marks) {
    if (marks.filter((mark) => mark.label === label).length > 1) continue;
    const text = words.marks[label] ?? label;
    const fill = arm === undefined ? "currentColor" : colorOf(arm);
    if (axis === "y") {
      const at = { x: width - margins.right - 4, y: Math.max(y(value) - 5, margins.top + 11) };
      add(svg, "text", { ...at, "text-anchor": "end", fill, ...halo }, text);
      continue;
    }
    const left = x(value);
    const isRight = left + textWidth(text, fontSize) + 8 > width - margins.right;
    add(
      svg,
      "text",
      {
        ...{ x: left + (isRight ? -6 : 6), y: margins.top + 13, fill },
        ...{ "text-anchor": isRight ? "end" : "start", ...halo },
      },
      text,
    );
  }
}

/** The last point of a series that is drawn. */
const endOf = ({ points }: Series) => points.filter(({ y }) => y !== null).at(-1);

function labelEnds({ chart, frame, colorOf, words }: Annotated, { svg, x, y, add }: Tools): void {
  const { ends, width, height, margins } = frame;
  const [top, bottom] = [margins.top, height - margins.bottom];
  const clamp = (pixel: number): number => Math.max(top, Math.min(bottom, pixel));
  const named = chart.series.flatMap((series) => {
    const end = endOf(series);
    const part = series.part === undefined ? "" : `, ${words.series[series.part] ?? series.part}`;
    const text = armName(words, series.arm) + part;
    if (series.isFaint || !end || !ends.some((each) => each.text === text)) return [];
    const label = { text, color: colorOf(series.arm), from: [x(end.x), clamp(y(end.y!))] as const };
    return [{ label, wanted: label.from[1] }];
  });
  const right = width - margins.right;
  for (const { label, y: at } of placed(named, lineHeight, [top - 8, bottom + 8])) {
    const { text, color, from } = label;
    if (Math.abs(at - from[1]) > 3 || from[0] < right - 3)
      add(svg, "path", {
        d:
          `M${round(from[0] + 3)},${round(from[1])}` +
          `L${right + 2},${round(at)}L${right + 6},${round(at)}`,
        ...{ fill: "none", stroke: color, "stroke-width": 1, "stroke-opacity": 0.5 },
      });
    add(
      svg,
      "text",
      { x: right + 9, y: round(at), dy: "0.32em", "text-anchor": "start", fill: color },
      text,
    );
  }
}

const round = (pixel: number): number => Math.round(10 * pixel) / 10;

function legend({ frame, colorOf }: Annotated, { svg, add }: Tools): void {
  for (const [row, names] of frame.legend.entries()) {
    let x = 4;
    const y = row * lineHeight + 10;
    for (const name of names) {
      const { text, arm, line } = name;
      add(svg, "line", {
        ...{ x1: x, x2: x + 18, y1: y, y2: y },
        stroke: arm === undefined ? "currentColor" : colorOf(arm),
        "stroke-width": { thick: 4, thin: 1, dashed: 1.5 }[line],
        ...(line === "dashed" && { "stroke-dasharray": "5 4" }),
      });
      add(
        svg,
        "text",
        { x: x + 24, y, dy: "0.32em", "text-anchor": "start", fill: "currentColor" },
        text,
      );
      x += entryWidth(name);
    }
  }
}
