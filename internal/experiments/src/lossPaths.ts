import type { ByPath, Json, NDArray } from "@tenon/contracts";
import { fit, predictor, type Predictor } from "@tenon/trainer";
import { contours } from "d3-contour";
import type { Experiment, Given } from "./experiment.js";
import { planeOf } from "./plane.js";

type Place = readonly [x: number, y: number];

/** The ways of arms over a slice of the training loss. */
export type LossPaths = {
  /** In the plane of `planeOf`, from the start that all arms have in common. */
  readonly paths: ByPath<readonly Place[]>;
  /** Lines on which the loss of the plane has a value. */
  readonly levels: readonly { readonly loss: number; readonly lines: readonly Place[][] }[];
  /** The fraction of the squared distances from the start that lies in the plane. */
  readonly inPlane: number;
};

/** How the slice is sampled. */
export interface LossPathsOptions {
  /** How many points a path has, at most, after its start. */
  readonly points: number;
  /** The losses at which lines are drawn. */
  readonly losses: readonly number[];
  /** How many values of the loss are computed along each direction. */
  readonly cells: readonly [number, number];
  /** Of how many of the training digits. */
  readonly digits: number;
}

/**
 * Trains the arms of an experiment with one seed, keeps their weights along the way, and computes
 * the training loss on the plane in which these ways are seen best. All arms must have the same
 * model and the same initial values.
 */
export async function lossPaths(
  of: Experiment,
  arms: ByPath<Json>,
  given: Given,
  options: LossPathsOptions,
): Promise<LossPaths> {
  const names = Object.keys(arms);
  const ways: ByPath<NDArray>[][] = [];
  for (const name of names) ways.push(await wayOf(of, arms[name]!, given, options.points));
  const start = ways[0]![0]!;
  const vectors = ways.map((way) => way.map((params) => Float64Array.from(flat(params))));
  const { paths, directions, inPlane } = planeOf(vectors);
  const [xs, ys] = [0, 1].map((axis) => around(paths.flat().map((place) => place[axis]!)));
  const [across, down] = options.cells;
  const at = ([from, to]: Place, i: number, count: number): number =>
    from + ((to - from) * i) / (count - 1);
  const loss = lossOf(of, arms[names[0]!]!, given, options.digits);
  const origin = vectors[0]![0]!;
  const values: number[] = [];
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const [x, y] = [at(xs!, i, across), at(ys!, j, down)];
      const w = origin.map((value, k) => value + x * directions[0][k]! + y * directions[1][k]!);
      values.push(loss(unflat(w, start)));
    }
  const inside = ([i, j]: Place): boolean => i > 0 && j > 0 && i < across && j < down;
  const rounded = (value: number): number => Number(value.toFixed(2)) + 0; // JSON has no −0
  // The value at [i, j] of the grid is at [i + 0.5, j + 0.5] of its lines.
  const place = ([i, j]: Place): Place => [
    rounded(at(xs!, i - 0.5, across)),
    rounded(at(ys!, j - 0.5, down)),
  ];
  return {
    paths: Object.fromEntries(
      names.map((name, n) => [name, paths[n]!.map(([x, y]) => [rounded(x), rounded(y)] as const)]),
    ),
    levels: contours()
      .size([across, down])
      .thresholds([...options.losses])(values)
      .map(({ value, coordinates }) => ({
        loss: value,
        lines: coordinates
          .flat()
          .flatMap((ring) => pieces(ring as unknown as Place[], inside))
          .map((line) => line.map(place)),
      })),
    inPlane: rounded(inPlane),
  };
}

/** The weights of a run at its start and at evenly spread steps, the last one included. */
async function wayOf(
  of: Experiment,
  options: Json,
  given: Given,
  points: number,
): Promise<ByPath<NDArray>[]> {
  const { model, ...setup } = of.setup(options, given);
  const { batchSize = 32 } = setup;
  const steps = given.size.epochs * Math.ceil(given.size.train / batchSize);
  const way: ByPath<NDArray>[] = [];
  const also = {
    checkpointEvery: Math.max(1, Math.ceil(steps / points)),
    checkpoints: {
      write(name: "last" | "best", arrays: ByPath<NDArray>): void {
        if (name !== "last") return;
        const params = Object.entries(arrays).filter(([path]) => path.startsWith("params/"));
        way.push(
          Object.fromEntries(
            params.map(([path, array]) => [
              path.slice("params/".length),
              { ...array, data: Float32Array.from(array.data) },
            ]),
          ),
        );
      },
    },
  };
  for await (const event of fit(model, { ...setup, ...also, seed: given.seed }))
    if (event.type === "end" && event.reason !== "done")
      throw new Error(`lossPaths: expected a run that ends, got ${event.reason}`);
  return way;
}

const flat = (params: ByPath<NDArray>): number[] =>
  Object.values(params).flatMap(({ data }) => Array.from(data));

/** Numbers as arrays of the paths and shapes of others. */
function unflat(values: Float64Array, like: ByPath<NDArray>): ByPath<NDArray> {
  let from = 0;
  return Object.fromEntries(
    Object.entries(like).map(([path, { shape, dtype, data }]) => {
      const part = Float32Array.from(values.subarray(from, from + data.length));
      from += data.length;
      return [path, { shape, dtype, data: part }];
    }),
  );
}

/** The mean cross-entropy of the model of an arm with given weights, in float64. */
function lossOf(of: Experiment, options: Json, given: Given, count: number) {
  const { model } = of.setup(options, given);
  const { x, y } = given.digits
    .train(given.size.train)
    .gather(Array.from({ length: count }, (_, i) => i));
  const labels = y!.data;
  const { engine } = given;
  let network: Predictor | undefined;
  return (params: ByPath<NDArray>): number => {
    network ??= predictor(model, { params, engine });
    network.load({ params });
    const { data, shape } = network.predict(x);
    const classes = shape[1]!;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const logits = Array.from({ length: classes }, (_, c) => data[i * classes + c]!);
      const largest = Math.max(...logits);
      const total = logits.reduce((all, logit) => all + Math.exp(logit - largest), 0);
      sum += largest + Math.log(total) - logits[labels[i]!]!;
    }
    return sum / count;
  };
}

/** A range around values. */
function around(values: readonly number[]): Place {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.15 * (high - low);
  return [low - room, high + room];
}

/** The pieces of a line that lie inside. */
function pieces(line: readonly Place[], isInside: (place: Place) => boolean): Place[][] {
  const found: Place[][] = [];
  let piece: Place[] = [];
  for (const place of line)
    if (isInside(place)) piece.push(place);
    else {
      if (piece.length > 1) found.push(piece);
      piece = [];
    }
  if (piece.length > 1) found.push(piece);
  return found;
}
