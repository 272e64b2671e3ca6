import * as Plot from "@observablehq/plot";
import type { Chart } from "@tenon/experiments";
import { parseHTML } from "linkedom";
import { annotate } from "./annotate.js";
import { drawable } from "./drawable.js";
import { fontSize, frameOf, lineHeight, type Frame } from "./frame.js";
import { gridOptions } from "./grid.js";
import { layersOf } from "./layers.js";
import { armColor, paletteVariables } from "./palette.js";
import type { FigureWords } from "./words.js";

export interface FigureOptions {
  /** Before all ids in the SVG, so that several may be on one page. */
  readonly id: string;
  /** In pixels, at which texts are 13 pixels high. @defaultValue 640 */
  readonly width?: number;
  /** @defaultValue 360 */
  readonly height?: number;
  /**
   * The arms that colours are given to, in order, so that an arm has the same in several pictures.
   * @defaultValue those of the chart
   */
  readonly arms?: readonly string[];
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
  const arms = armOrder([chart], options.arms);
  const colorOf = (arm: string): string => armColor(Math.max(0, arms.indexOf(arm)));
  const { document } = parseHTML("<html><body></body></html>");
  const style = { fontSize: `${fontSize}px` };
  if (chart.columns !== undefined) {
    const grid = gridOptions(chart, words, width, colorOf);
    return finished(Plot.plot({ ...grid, document, style }) as SVGSVGElement, words, {
      id,
      isFile,
    });
  }
  const frame = frameOf(chart, words, width, height);
  const plot = Plot.plot({
    ...{ document, style, width, height },
    ...plotOptions(chart, words, frame, colorOf),
  }) as SVGSVGElement;
  annotate(plot, { chart, words, frame, colorOf, id });
  return finished(plot, words, { id, isFile });
}

/**
 * The arms of charts, in the order in which they get colours: those of an experiment in its
 * order, as far as a chart shows them, then others, such as groups of arms, as they come.
 */
export function armOrder(charts: readonly Chart[], arms: readonly string[] = []): string[] {
  const shown = charts.flatMap(({ series }) => series.map(({ arm }) => arm));
  // Where a chart shows none of the arms, its lines are of something else.
  const isOfArms = shown.some((arm) => arms.includes(arm));
  return [...new Set([...(isOfArms ? arms : []), ...shown])];
}

/** The axes and the marks of one chart. */
function plotOptions(
  chart: Chart,
  words: FigureWords,
  frame: Frame,
  colorOf: (arm: string) => string,
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
        ...{ dy: -lineHeight - 4, lineAnchor: "top", fillOpacity: 0.75 },
      }),
      Plot.text([label(chart.x.label)], {
        ...{ frameAnchor: "bottom", lineAnchor: "bottom", dy: margins.bottom - 3 },
        fillOpacity: 0.75,
      }),
      ...layersOf(chart, frame, colorOf),
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
