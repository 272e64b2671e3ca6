import type { Chart } from "@tenon/experiments";
import { annotationsOf, type Label, type Strip } from "./annotations.js";
import { entryWidth, type Frame } from "./frame.js";
import type { LineStyle } from "./palette.js";
import { placeIn } from "./place.js";
import { lineHeight } from "./text.js";
import type { FigureWords } from "./words.js";

interface Annotated {
  readonly chart: Chart;
  readonly words: FigureWords;
  readonly frame: Frame;
  readonly styleOf: (arm: string) => LineStyle;
  readonly id: string;
}

type Colors = Pick<LineStyle, "color" | "ink">;
type Attributes = Readonly<Record<string, string | number>>;
type Add = (parent: Element, name: string, attributes: Attributes, text?: string) => Element;

/** What is of no arm, or of several. */
const neutral: LineStyle = { color: "currentColor", ink: "currentColor", opacity: 1 };

/**
 * Adds to a plot what says what its lines are: labels, strips of what is not finite, the legend.
 */
export function annotate(svg: SVGSVGElement, annotated: Annotated): void {
  const { chart, words, frame, styleOf } = annotated;
  const add: Add = (parent, name, attributes, text = "") => {
    const made = svg.ownerDocument.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== "") made.textContent = text;
    parent.append(made);
    return made;
  };
  const at = placeIn(frame);
  const { marks, ends, strips } = annotationsOf(chart, words, frame, at);
  const group = (part: string): Element => add(svg, "g", { "data-part": part });
  const colorsOf = (arm: string | undefined): Colors =>
    arm === undefined ? neutral : styleOf(arm);
  for (const [i, strip] of strips.entries())
    addStrip(
      group("strip"),
      add,
      { strip, pattern: `${annotated.id}-hatch-${i + 1}` },
      {
        ...{ colors: colorsOf(strip.arm), bottom: at.bottom },
      },
    );
  label(group("mark label"), add, marks, { colorsOf, anchor: "middle" });
  label(group("end label"), add, ends, { colorsOf, anchor: "start" });
  legend(group("legend"), add, annotated);
}

function label(
  group: Element,
  add: Add,
  labels: readonly Label[],
  { colorsOf, anchor }: { colorsOf: (arm: string | undefined) => Colors; anchor: string },
): void {
  for (const { text, arm, x, y, leader } of labels) {
    const { ink } = colorsOf(arm);
    if (leader !== undefined)
      add(group, "path", {
        ...{ d: leader, fill: "none", stroke: "currentColor", "stroke-width": 1 },
        ...{ "stroke-opacity": 0.5, "stroke-dasharray": "1 2" },
      });
    add(group, "text", { x, y, dy: "0.32em", "text-anchor": anchor, fill: ink }, text);
  }
}

/**
 * Hatches the steps at which an arm is not finite, says so, and crosses out the end of its line.
 */
function addStrip(
  group: Element,
  add: Add,
  { strip, pattern: id }: { readonly strip: Strip; readonly pattern: string },
  { colors, bottom }: { readonly colors: Colors; readonly bottom: number },
): void {
  const { arm, left, top, width, height, lines, textWidth, end } = strip;
  const { color, ink } = colors;
  const pattern = add(group, "pattern", {
    ...{ id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  });
  add(pattern, "rect", { width: 3, height: 8, fill: color, "fill-opacity": 0.55 });
  const area = { x: left, y: top, width, height: height - 2 };
  add(group, "rect", { ...area, fill: `url(#${id})`, "data-broken": arm });
  add(group, "line", {
    ...{ x1: left, x2: left, y1: top, y2: bottom, stroke: color, "stroke-opacity": 0.5 },
  });
  if (end) {
    const [x, y] = end;
    const d = `M${x - 4},${y - 4}l8,8m0,-8l-8,8`;
    add(group, "path", { d, fill: "none", stroke: color, "stroke-width": 2 });
  }
  const behind = { x: lines[0]!.x - 4, y: top, width: textWidth + 8, height };
  add(group, "rect", { ...behind, fill: "var(--figure-background, Canvas)" });
  for (const { text, x, y } of lines)
    add(group, "text", { x, y, dy: "0.32em", "text-anchor": "start", fill: ink }, text);
}

function legend(group: Element, add: Add, { frame, styleOf }: Annotated): void {
  for (const [row, names] of frame.legend.entries()) {
    let x = 4;
    const y = row * lineHeight + 10;
    for (const name of names) {
      const { text, arm, line } = name;
      const style = arm === undefined ? neutral : styleOf(arm);
      const dash = line === "dashed" ? "5 4" : style.dash;
      add(group, "line", {
        ...{ x1: x, x2: x + 18, y1: y, y2: y, stroke: style.color },
        ...{ "stroke-width": { thick: 4, thin: 1, dashed: 1.5 }[line] },
        ...{ "stroke-opacity": style.opacity, ...(dash && { "stroke-dasharray": dash }) },
      });
      add(
        group,
        "text",
        { x: x + 24, y, dy: "0.32em", "text-anchor": "start", fill: "currentColor" },
        text,
      );
      x += entryWidth(name);
    }
  }
}
