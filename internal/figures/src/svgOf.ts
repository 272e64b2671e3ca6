import * as Plot from "@observablehq/plot";
import type { Chart } from "@tenon/experiments";
import { parseHTML } from "linkedom";
import { annotate } from "./annotate.js";
import { drawable } from "./drawable.js";
import { frameOf, legendHeight, type Frame } from "./frame.js";
import { gridOptions } from "./grid.js";
import { layersOf } from "./layers.js";
import { lineStyles, paletteVariables, type Colored, type LineStyle } from "./palette.js";
import { fontSize } from "./text.js";
import type { FigureWords } from "./words.js";

export interface FigureOptions {
  /** Before all ids in the SVG, so that several may be on one page. */
  readonly id: string;
  /** In pixels, at which texts are 13 pixels high. @defaultValue 640 */
  readonly width?: number;
  /** With one row of a legend; it grows with further ones. @defaultValue 360 */
  readonly height?: number;
  /**
   * The arms that colours are given to, so that an arm has the same in several pictures.
   * @defaultValue those of the chart, in its order
   */
  readonly colored?: Colored;
  /** Whether it is a file of its own, which needs its own colours. @defaultValue false */
  readonly isFile?: boolean;
}

/**
 * A chart as SVG. Colours are CSS variables (`paletteVariables`) and `currentColor`, fonts are the
 * page's; without a width it fills its place. The title and the description are for screen
 * readers.
 */
export function svgOf(given: Chart, words: FigureWords, options: FigureOptions): string {
  const chart = drawable(given);
  const { id, width = 640, height = 360, isFile = false } = options;
  const drawn = chart.series.map(({ arm }) => arm);
  const styleOf = lineStyles(options.colored ?? { arms: [] }, drawn);
  const { document } = parseHTML("<html><body></body></html>");
  const style = { fontSize: `${fontSize}px` };
  if (chart.columns !== undefined) {
    const grid = gridOptions(chart, words, width, (arm) => styleOf(arm).color);
    return finished(Plot.plot({ ...grid, document, style }) as SVGSVGElement, words, {
      id,
      isFile,
    });
  }
  const frame = frameOf(chart, words, width, height);
  const plot = Plot.plot({
    ...{ document, style, width, height: frame.height },
    ...plotOptions(chart, words, frame, styleOf),
  }) as SVGSVGElement;
  annotate(plot, { chart, words, frame, styleOf, id });
  return finished(plot, words, { id, isFile });
}

/** The axes and the marks of one chart. */
function plotOptions(
  chart: Chart,
  words: FigureWords,
  frame: Frame,
  styleOf: (arm: string) => LineStyle,
): Plot.PlotOptions {
  const { margins, x, y, ticks } = frame;
  const axis = { stroke: "currentColor", strokeOpacity: 0.12 };
  const label = (key: string): string => words.axes[key] ?? key;
  return {
    ...{ marginTop: margins.top, marginRight: margins.right },
    ...{ marginBottom: margins.bottom, marginLeft: margins.left },
    x: { type: x.type, domain: [...x.domain], label: null },
    y: { type: y.type, domain: [...y.domain], label: null },
    marks: [
      Plot.gridY([...y.ticks], axis),
      ...(chart.x.scale === "categories" ? [] : [Plot.gridX([...x.ticks], axis)]),
      Plot.axisY([...y.ticks], { tickSize: 0, tickPadding: 8, label: null, text: y.format }),
      Plot.axisX([...x.ticks], { tickSize: 0, tickPadding: 8, label: null, text: [...ticks] }),
      Plot.text([label(chart.y.label)], {
        ...{ frameAnchor: "top-left", textAnchor: "start", dx: -margins.left + 2 },
        ...{ dy: legendHeight(frame) - margins.top, lineAnchor: "top", fillOpacity: 0.75 },
      }),
      Plot.text([label(chart.x.label)], {
        ...{ frameAnchor: "bottom", lineAnchor: "bottom", dy: margins.bottom - 3 },
        fillOpacity: 0.75,
      }),
      ...layersOf(chart, frame, styleOf),
    ],
  };
}

/** Without fixed fonts and sizes; with a title, a description, and ids of its own. */
function finished(
  svg: SVGSVGElement,
  { title, description }: FigureWords,
  { id, isFile }: { readonly id: string; readonly isFile: boolean },
): string {
  const document = svg.ownerDocument;
  svg.querySelector("style")?.remove();
  // The parts of an image are not named one by one: ARIA forbids it.
  for (const part of Array.from(svg.querySelectorAll("g[aria-label]"))) {
    part.setAttribute("data-part", part.getAttribute("aria-label")!);
    part.removeAttribute("aria-label");
  }
  for (const name of ["class", "font-family"]) svg.removeAttribute(name);
  if (!isFile) for (const name of ["width", "height"]) svg.removeAttribute(name);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", `${id}-title`);
  svg.setAttribute("aria-describedby", `${id}-description`);
  const element = (name: string, text: string): Element => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    made.textContent = text;
    return made;
  };
  const [head, body] = [element("title", title), element("desc", description)];
  head.setAttribute("id", `${id}-title`);
  body.setAttribute("id", `${id}-description`);
  if (isFile) {
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    svg.setAttribute("font-family", "system-ui, sans-serif");
    svg.prepend(element("style", fileStyle));
  }
  svg.prepend(head, body);
  // Plot numbers its ids over all plots of the process.
  const numbers = new Map<string, number>();
  return svg.outerHTML.replaceAll(/plot-(clip|marker)-(\d+)/g, (_, kind: string, n: string) => {
    const key = `${kind} ${n}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
    return `${id}-${kind}-${numbers.get(key)!}`;
  });
}

const fileStyle =
  `svg{color-scheme:light dark;color:#1c2024;background:#fff;${paletteVariables.light}}` +
  "@media(prefers-color-scheme:dark)" +
  `{svg{color:#e6e8eb;background:#12151a;${paletteVariables.dark}}}`;
