/** An axis of a chart; its label is a key of the words' axes. */
export interface Axis {
  readonly label: string;
  readonly scale: "linear" | "log" | "categories";
  /**
   * Of categories: their names, at 0, 1, 2 … A name is a key of the words' arms, or stands for
   * itself.
   */
  readonly categories?: readonly string[];
  /** The range that is shown. @defaultValue that of the points */
  readonly domain?: readonly [number, number];
  /** Whether values are fractions, to be written as percentages. */
  readonly percent?: boolean;
}

export interface Point {
  readonly x: number;
  /** Null where the value is not finite: the line is broken there. */
  readonly y: number | null;
  /** The range over seeds, or an interval. */
  readonly low?: number;
  readonly high?: number;
}

/** One line, or one row of dots or bars, or cells. */
export interface Series {
  /** The arm that decides colour and name; a key of the words' arms, or stands for itself. */
  readonly arm: string;
  /**
   * The points of a path are joined in their own order, which need not be that of x. Cells are
   * squares of side 1 around their points, in a grid of small charts only.
   */
  readonly kind: "line" | "path" | "dots" | "bars" | "cells";
  readonly points: readonly Point[];
  /**
   * Drawn thinner and paler than the arm itself, such as the training loss next to the
   * validation's.
   */
  readonly isFaint?: boolean;
  /** Which one of several series of an arm it is; a key of the words' series. */
  readonly part?: string;
  /**
   * In a grid, see `columns` of the chart: the column that it is in. The row is that of its arm.
   */
  readonly column?: string;
}

/**
 * A line across the chart at a value, such as a threshold; its label is a key of the words' marks.
 */
export interface Mark {
  readonly axis: "x" | "y";
  readonly value: number;
  readonly label: string;
  /** The arm whose colour it has. @defaultValue none */
  readonly arm?: string;
}

/** An arm whose values stopped being finite: drawn as hatched from there on. */
export interface Broken {
  readonly arm: string;
  readonly x: number;
}

/** What a picture shows, as plain data; the terminal, the report and the page each draw it. */
export interface Chart {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /**
   * Of a grid of small charts with the same axes, a row for each arm: what its columns are, a key
   * of the words' axes. Each series then has a column.
   */
  readonly columns?: string;
  /** Closed lines of no arm behind the series, such as the levels of a surface. */
  readonly levels?: readonly (readonly Point[])[];
  readonly marks?: readonly Mark[];
  readonly broken?: readonly Broken[];
}
