import { join } from "node:path";
import { median } from "../rows.js";
import { figure, groups, table } from "../table.js";
import { answers, inTurns, oneOfEach, type Alone, type Setting } from "./alone.js";

/** A net like W2 (784, width, width / 2, 10) or W3 on a batch of some size. */
export interface Net {
  readonly batch: number;
  readonly hidden?: readonly number[];
  readonly convolutions?: readonly number[];
  readonly dropout?: number;
}

/** How long one engine takes for a step of one net. */
export interface ScalingRow extends Alone {
  readonly part: "scaling";
  readonly net: "MLP" | "W3";
  /** Units of the MLP's first hidden layer; its second has half of them. */
  readonly width: number | null;
  readonly batch: number;
  readonly threads: number;
  /** The median. */
  readonly msPerStep: number;
  readonly examplesPerSecond: number;
  /** Of the operations that the plan has. Winograd's convolution has fewer than the textbook's. */
  readonly gflops: number;
}

const mlp = (batch: number, width: number): Net => ({ batch, hidden: [width, width / 2] });
const w3 = (batch: number): Net => ({ batch, convolutions: [32, 64], dropout: 0.5 });

/** What is measured: the MLP over batches and over widths, W3 over batches. */
export const nets = (quick: boolean): Net[] =>
  quick
    ? [mlp(16, 512), mlp(1024, 512), mlp(128, 64), w3(16), w3(256)]
    : [
        ...[16, 64, 128, 256, 1024, 4096].map((batch) => mlp(batch, 512)),
        ...[64, 128, 256, 1024, 2048].map((width) => mlp(128, width)),
        ...[16, 64, 256, 1024].map(w3),
      ];

/** One, two, four … and all. */
export const threadsUpTo = (most: number): number[] => [
  ...new Set([...[1, 2, 4, 8].filter((threads) => threads < most), most]),
];

type Answer = Net & {
  readonly threads: number;
  readonly ms: readonly number[];
  readonly flops: number;
};

/** Steps of training over sizes and values of threads. */
export function scaling(setting: Setting): Promise<ScalingRow[]> {
  const threads = setting.quick ? [...new Set([1, setting.most])] : threadsUpTo(setting.most);
  const seconds = setting.quick ? 0.1 : 1;
  return inTurns(
    { ...setting, variants: oneOfEach(setting.variants) },
    nets(setting.quick),
    async (variant, alone, net) => {
      setting.report(
        `scaling: ${alone.contender}, ${alone.runtime}: ${net.hidden ? `MLP ${net.hidden.join("-")}` : "W3"}, batch ${net.batch}`,
      );
      return (
        await answers<Answer>(variant, [
          join(setting.built, "scaling.mjs"),
          JSON.stringify({ threads, nets: [net], seconds }),
        ])
      ).map((answer) => rowOf(alone, answer));
    },
  );
}

/** The row of what was measured. */
export function rowOf(alone: Alone, { batch, hidden, threads, ms, flops }: Answer): ScalingRow {
  const msPerStep = median(ms);
  return {
    part: "scaling",
    ...alone,
    net: hidden ? "MLP" : "W3",
    width: hidden?.[0] ?? null,
    batch,
    threads,
    msPerStep,
    examplesPerSecond: (1000 * batch) / msPerStep,
    gflops: flops / msPerStep / 1e6,
  };
}

/** A table for the MLP's batches, its widths, and W3's batches: a line for each size and engine. */
export function drawnScaling(rows: readonly ScalingRow[]): string {
  const all = [...new Set(rows.map(({ threads }) => threads))].sort((a, b) => a - b);
  const most = all.at(-1)!;
  const section = (
    title: string,
    selected: readonly ScalingRow[],
    sizeOf: (row: ScalingRow) => number,
  ): string[] =>
    selected.length === 0
      ? []
      : [
          table(
            [
              title,
              "engine",
              "on",
              ...all.map((threads) => `ms, ${threads}`),
              ...(most > 1 ? ["times 1"] : []),
              "examples/s",
              "GFLOP/s",
            ],
            groups(
              [...selected].sort((a, b) => sizeOf(a) - sizeOf(b)),
              (row) => String(sizeOf(row)),
            ).flatMap(([size, same]) =>
              groups(same, ({ contender, runtime }) => `${contender} ${runtime}`).map(
                ([, engine], i) => {
                  const rowFor = (threads: number): ScalingRow | undefined =>
                    engine.find((row) => row.threads === threads);
                  const [first, last] = [rowFor(1), rowFor(most)];
                  return [
                    i === 0 ? size : "",
                    engine[0]!.contender,
                    engine[0]!.runtime,
                    ...all.map((threads) =>
                      rowFor(threads) ? figure(rowFor(threads)!.msPerStep) : "",
                    ),
                    ...(most > 1
                      ? [first && last ? (first.msPerStep / last.msPerStep).toFixed(2) : ""]
                      : []),
                    ...(last ? [last.examplesPerSecond.toFixed(0), figure(last.gflops)] : ["", ""]),
                  ];
                },
              ),
            ),
            3,
          ),
        ];
  const mlps = rows.filter(({ net }) => net === "MLP");
  const [batches, widths] = [
    mlps.filter(({ width }) => width === 512),
    mlps.filter(({ batch }) => batch === 128),
  ];
  return [
    ...section("MLP 512-256, batch", batches, ({ batch }) => batch),
    ...section("MLP, batch 128, width", widths, ({ width }) => width!),
    ...section(
      "W3, batch",
      rows.filter(({ net }) => net === "W3"),
      ({ batch }) => batch,
    ),
  ].join("\n");
}
