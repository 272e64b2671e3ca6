import type { Chart, Series } from "@tenon/experiments";
import fc from "fast-check";
import { expect, test } from "vitest";
import { svgOf, type FigureOptions } from "./index.js";
import { parsed, pathsOf, words, type Parsed } from "./testing.js";

const drawn = (chart: Chart, options: Partial<FigureOptions> = {}): Parsed =>
  parsed(svgOf(chart, words, { id: "f", ...options }));

const linear = { label: "step", scale: "linear" } as const;
const percent = { label: "accuracy", scale: "linear", percent: true } as const;
const log = { label: "loss", scale: "log" } as const;
const line = (
  arm: string,
  values: readonly (number | null)[],
  more: Partial<Series> = {},
): Series => ({
  ...{ arm, kind: "line", points: values.map((y, i) => ({ x: 10 * i, y })) },
  ...more,
});

test("points of a line are where the axes say, also on a logarithmic one", () => {
  const values = [1, 0.1, 0.02, 0.001];
  const figure = drawn({ x: linear, y: log, series: [line("a", values)] });
  const x = figure.scaleOf("x", [0, "0"], [20, "20"]);
  const y = figure.scaleOf("y", [0, "1"], [-2, "0.01"]);
  const [path] = pathsOf(figure, "line");
  expect(path).toHaveLength(4);
  path!.forEach(([left, top], i) => {
    expect(left).toBeCloseTo(x(10 * i), 1);
    expect(top).toBeCloseTo(y(Math.log10(values[i]!)), 1);
  });
});

test("a line is broken where a value is not finite, or not positive on a logarithmic axis", () => {
  const values = [1, 0.5, null, 0.2, 0.1, 0, 0.3, 0.2];
  const parts = pathsOf(drawn({ x: linear, y: log, series: [line("a", values)] }), "line");
  expect(parts.map(({ length }) => length)).toEqual([2, 2, 2]);
});

test("a band goes from the lowest to the highest seed", () => {
  const points = [0, 10, 20].map((x) => ({ x, y: 2, low: 1, high: 3 + x / 10 }));
  const figure = drawn({ x: linear, y: linear, series: [{ arm: "a", kind: "line", points }] });
  const y = figure.scaleOf("y", [1, "1"], [5, "5"]);
  const [area] = pathsOf(figure, "area");
  const tops = area!.map(([, top]) => top);
  expect(Math.min(...tops)).toBeCloseTo(y(5), 1);
  expect(Math.max(...tops)).toBeCloseTo(y(1), 1);
});

test("dots stand over their category, with their range, and marks at their values", () => {
  const figure = drawn({
    x: { label: "arm", scale: "categories", categories: ["a", "b", "c"] },
    y: percent,
    series: ["a", "b", "c"].map((arm, i) => ({
      ...{ arm, kind: "dots" as const },
      points: [{ x: i, y: 0.98 + i / 1000, low: 0.979, high: 0.99 }],
    })),
    marks: ["a", "b"].map((arm) => ({ axis: "y", value: 0.985, label: "printed", arm })),
  });
  const x = figure.scaleOf("x", [0, "sigmoid"], [2, "tanh"]);
  const y = figure.scaleOf("y", [0.98, "98.0 %"], [0.99, "99.0 %"]);
  figure.all("circle").forEach((circle, i) => {
    const [cx, cy] = figure.numbers(circle, "cx", "cy");
    expect(cx).toBeCloseTo(x(i), 1);
    expect(cy).toBeCloseTo(y(0.98 + i / 1000), 1);
  });
  const rules = figure.all('[data-part="rule"] line').map((rule) => ({
    ends: figure.numbers(rule, "x1", "x2", "y1", "y2"),
    isDashed: rule.closest("[stroke-dasharray]") !== null,
  }));
  const ranges = rules.filter(({ isDashed }) => !isDashed).map(({ ends }) => ends);
  for (const [, , from, to] of ranges) {
    expect(Math.max(from!, to!)).toBeCloseTo(y(0.979), 1);
    expect(Math.min(from!, to!)).toBeCloseTo(y(0.99), 1);
  }
  const [first] = rules.filter(({ isDashed }) => isDashed);
  expect(first!.ends[0]).toBeCloseTo(x(-0.4), 0);
  expect(first!.ends[1]).toBeCloseTo(x(0.4), 0);
  expect(first!.ends[2]).toBeCloseTo(y(0.985), 1);
  // Both marks have one name, which the legend says once.
  expect(figure.texts().filter((text) => text === "as printed")).toHaveLength(1);
});

test("every category has its name, in rows where there is no room side by side", () => {
  const arms = ["momentum 0.9", "normalized gradient", "Adagrad", "RMSProp", "gradient descent"];
  const { all } = parsed(
    svgOf(
      {
        x: { label: "arm", scale: "categories", categories: arms },
        y: linear,
        series: arms.map((arm, x) => ({ arm, kind: "dots" as const, points: [{ x, y: 1 }] })),
      },
      { ...words, arms: {} },
      { id: "f", width: 340 },
    ),
  );
  const together = (text: string): string => text.replaceAll(/\s/g, "");
  const names = all('[data-part="x-axis tick label"] text');
  expect(names.map(({ textContent }) => together(textContent ?? ""))).toEqual(arms.map(together));
});

test("bars of several arms stand side by side, from 0 up", () => {
  const figure = drawn({
    x: { label: "layer", scale: "categories", categories: ["1", "2"] },
    y: linear,
    series: ["a", "b"].map((arm, k) => ({
      ...{ arm, kind: "bars" as const },
      points: [0, 1].map((x) => ({ x, y: 4 - 2 * k + x })),
    })),
  });
  const x = figure.scaleOf("x", [0, "1"], [1, "2"]);
  const y = figure.scaleOf("y", [0, "0"], [4, "4"]);
  const bars = figure
    .all('[data-part="rect"] rect')
    .map((bar) => figure.numbers(bar, "x", "width", "y", "height"));
  expect(bars).toHaveLength(4);
  bars.forEach(([left, width, top, height], n) => {
    const [arm, i] = [Math.floor(n / 2), n % 2];
    expect(left! + width! / 2).toBeCloseTo(x(i + (arm === 0 ? -0.2 : 0.2)), 0);
    expect(top).toBeCloseTo(y(4 - 2 * arm + i), 1);
    expect(top! + height!).toBeCloseTo(y(0), 1);
  });
});

test("what is beyond the last finite step of an arm is hatched, and said", () => {
  const figure = drawn({
    ...{ x: linear, y: log },
    series: [line("a", [1, 0.5, 0.4, 0.3]), line("b", [1, 9, null, null])],
    broken: [{ arm: "b", x: 15 }],
  });
  const x = figure.scaleOf("x", [0, "0"], [30, "30"]);
  const [hatched] = figure.all("[data-broken]");
  const [left, width] = figure.numbers(hatched!, "x", "width");
  expect(left).toBeCloseTo(x(15), 1);
  expect(left! + width!).toBeCloseTo(x(30), 1);
  expect(hatched!.getAttribute("fill")).toBe("url(#f-hatch-1)");
  expect(figure.all("pattern")[0]!.id).toBe("f-hatch-1");
  expect(figure.texts()).toContain("ReLU: not finite from here on");
});

test("a path keeps the order of its points, and levels are behind it", () => {
  const points = [0, 3, 1, 2].map((x) => ({ x, y: x }));
  const figure = drawn({
    ...{ x: linear, y: linear, series: [{ arm: "a", kind: "path", points }] },
    levels: [[0, 1, 3].map((x) => ({ x, y: 3 - x }))],
  });
  const [level, path] = pathsOf(figure, "line");
  const x = figure.scaleOf("x", [0, "0"], [2, "2"]);
  expect(level).toHaveLength(3);
  expect(path!.map(([left]) => left)).toEqual(
    [0, 3, 1, 2].map((value) => expect.closeTo(x(value), 1) as unknown),
  );
});

test("a grid has a row for each arm and a column for each name", () => {
  const columns = ["1", "2", "3"];
  const figure = drawn({
    x: { ...linear, domain: [0, 10] },
    y: { ...linear, domain: [0, 1] },
    columns: "layer",
    series: ["a", "b"].flatMap((arm) =>
      columns.map((column) => line(arm, [0, 1], { kind: "bars", column })),
    ),
  });
  expect(figure.all('[data-part="area"] path')).toHaveLength(6);
  for (const text of ["sigmoid", "ReLU", "layer", ...columns])
    expect(figure.texts()).toContain(text);
});

test("cells are squares around their points, faint ones paler", () => {
  const domain = [-0.5, 3.5] as const;
  const points = [0, 1, 3].map((x) => ({ x, y: 3 - x }));
  const figure = drawn({
    ...{ x: { ...linear, domain }, y: { ...linear, domain }, columns: "layer" },
    series: [
      { arm: "a", kind: "cells", column: "1", points },
      { arm: "a", kind: "cells", column: "1", isFaint: true, points: [{ x: 2, y: 2 }] },
      // As those of another row: they are no copy of a line.
      { arm: "b", kind: "cells", column: "1", isFaint: true, points: [{ x: 2, y: 2 }] },
    ],
  });
  const cells = figure.all('[data-part="rect"] rect');
  const [first, second, third, pale] = cells.map((cell) =>
    figure.numbers(cell, "x", "y", "width", "height"),
  );
  expect(cells).toHaveLength(5);
  const side = second![0]! - first![0]!;
  expect(third![0]! - second![0]!).toBeCloseTo(2 * side, 3);
  expect(third![1]! - second![1]!).toBeGreaterThan(0); // y grows upwards
  for (const cell of [first, second, third, pale]) expect(cell![2]).toBeCloseTo(0.88 * side, 3);
  const opacityOf = (cell: Element): string =>
    cell.getAttribute("fill-opacity") ?? cell.parentElement!.getAttribute("fill-opacity") ?? "1";
  expect(cells.map(opacityOf)).toEqual(["1", "1", "1", "0.2", "0.2"]);
});

test("names stand at the ends of lines, and in a legend where there is no room", () => {
  const chart: Chart = {
    ...{ x: linear, y: linear },
    series: [
      line("a", [1, 2]),
      line("b", [1, 2.01]),
      line("a", [3, 1], { isFaint: true, part: "training" }),
    ],
  };
  const wide = drawn(chart);
  const end = (figure: Parsed, name: string) =>
    figure.all("text").find(({ textContent }) => textContent === name)!;
  const [ya, yb] = ["sigmoid", "ReLU"].map((name) => wide.numbers(end(wide, name), "y")[0]!);
  expect(Math.abs(ya! - yb!)).toBeGreaterThanOrEqual(16);
  expect(wide.texts().filter((text) => text === "training")).toHaveLength(1);
  const narrow = drawn(chart, { width: 150 });
  expect(narrow.numbers(end(narrow, "ReLU"), "y")[0]).toBeLessThan(40);
});

test("the SVG is of the page's fonts and colours, has a title, and asks for nothing", () => {
  const chart: Chart = { x: linear, y: linear, series: [line("a", [1, 2])] };
  const text = svgOf(chart, words, { id: "one" });
  expect(text).not.toMatch(/font-family|<style|https?:|width="640"/);
  expect(text).toContain('viewBox="0 0 640 360"');
  const { svg, all } = parsed(text);
  expect(svg.getAttribute("role")).toBe("img");
  expect(text).not.toContain("aria-label="); // the parts of an image have no names
  expect(all(`#${svg.getAttribute("aria-labelledby")!}`)[0]!.textContent).toBe("Loss & accuracy");
  expect(all(`#${svg.getAttribute("aria-describedby")!}`)[0]!.textContent).toBe(
    "What one sees: <a falls>.",
  );
  expect(text).toContain("var(--arm-1, #2f73ed)");
  const file = svgOf(chart, words, { id: "one", isFile: true });
  expect(file).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(file).toContain("prefers-color-scheme");
  expect(file.match(/https?:/g)).toHaveLength(1);
});

test("the same chart gives the same text, and the order of arms decides colours", () => {
  const chart: Chart = {
    x: { ...linear, domain: [0, 10] },
    ...{ y: linear, series: [line("b", [1, 2])] },
  };
  const once = svgOf(chart, words, { id: "x" });
  expect(svgOf(chart, words, { id: "x" })).toBe(once);
  expect(once).toContain('id="x-clip-1"');
  expect(svgOf(chart, words, { id: "x", colored: { arms: ["a", "b"] } })).toContain(
    "var(--arm-2, #d57213)",
  );
});

test("any values are drawn without NaN in the SVG", () => {
  const value = fc.oneof(fc.double(), fc.constant(null), fc.constantFrom(0, -1, 1e300, 1e-300));
  const scale = fc.constantFrom("linear", "log");
  const kind = fc.constantFrom("line", "dots", "bars");
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), scale, kind, (values, of, as) => {
      const series = [
        line(
          "a",
          values.map((y) => (Number.isFinite(y) ? y : null)),
          { kind: as },
        ),
      ];
      const text = svgOf({ x: linear, y: { label: "loss", scale: of }, series }, words, {
        id: "f",
      });
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { numRuns: 40 },
  );
});
