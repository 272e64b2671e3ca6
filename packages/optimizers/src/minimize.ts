import type { ByPath } from "@tenon/contracts";
import { badArgument, callable, inNameOf, known, shown } from "@tenon/guards";
import { chain } from "./chain.js";
import { inspect } from "./inspect.js";
import {
  checkByName,
  checkGradients,
  dataOf,
  parameterEntry,
  type Parameter,
} from "./internal/arrays/arguments.js";
import type { Floats } from "./internal/arrays/floats.js";
import { notNegative, whole } from "./internal/guards.js";
import { lbfgsRule } from "./internal/lbfgsRule.js";
import { mapPaths } from "./internal/mapPaths.js";
import { wolfe, type LinePoint } from "./internal/wolfe.js";
import { onArrays } from "./onArrays.js";

/** The loss at the parameters' present values, and its gradients by name. */
export interface Evaluation {
  readonly loss: number;
  readonly gradients: ByPath<Parameter>;
}

export interface MinimizeOptions {
  /** How many steps at most. @defaultValue 100 */
  readonly steps?: number;
  /** How many steps the direction remembers. @defaultValue 10 */
  readonly memory?: number;
  /** It has converged where no element of the gradient is larger. @defaultValue 1e-5 */
  readonly gradientTolerance?: number;
  /**
   * It ends after a step that lowers the loss by no more than this, as a fraction of the loss if
   * that is above 1. @defaultValue 1e-9
   */
  readonly lossTolerance?: number;
  /** How often one line search computes the loss at most. @defaultValue 25 */
  readonly lineEvaluations?: number;
}

/** What was found: the parameters are there. */
export interface Minimum {
  readonly loss: number;
  readonly steps: number;
  /** How often the loss was computed. */
  readonly evaluations: number;
  /**
   * Why it ended: the gradient is 0 within its tolerance; a step lowered the loss by no more than
   * its tolerance, or there was none that lowers it; there were so many steps.
   */
  readonly reason: "gradient" | "loss" | "steps";
}

/**
 * Minimizes a function of arrays by L-BFGS with a line search (strong Wolfe conditions), and leaves
 * the arrays at the lowest point found. For a loss over all examples, which is the same function in
 * each call, and few enough of them.
 *
 * `evaluate` reads the arrays, which this function changes in place, and gives the loss and the
 * gradients there; it may be a promise, as of an engine that answers later. A loss that is not
 * finite shortens the step. PyTorch: `LBFGS(line_search_fn="strong_wolfe").step(closure)`; SciPy:
 * `minimize(method="L-BFGS-B", jac=True)` without bounds; optax: `lbfgs`.
 *
 * Liu & Nocedal (1989), On the limited memory BFGS method for large scale optimization,
 * doi:10.1007/BF01589116
 *
 * @param params arrays by name, as those of `onArrays`
 * @throws RangeError if an argument makes no sense, or the loss or a gradient is not finite at the
 *   start
 */
export function minimize(
  evaluate: () => Evaluation | Promise<Evaluation>,
  params: ByPath<Parameter>,
  options: MinimizeOptions = {},
): Promise<Minimum> {
  const given = checkedOptions(options);
  callable("minimize", "evaluate", evaluate);
  const { memory = 10 } = given;
  return descended(lineOf(evaluate, params), directions(params, memory), given);
}

/** Goes along one direction after the other, to the end. */
async function descended(
  line: ReturnType<typeof lineOf>,
  directionOf: (point: Point) => ByPath<Floats>,
  { steps: most = 100, gradientTolerance = 1e-5, ...rest }: MinimizeOptions,
): Promise<Minimum> {
  const { lossTolerance = 1e-9, lineEvaluations = 25 } = rest;
  const search = { decrease: 1e-4, flatness: 0.9, evaluations: lineEvaluations };
  let point = await line.start();
  const end = (steps: number, reason: Minimum["reason"]): Minimum => ({
    loss: point.loss,
    steps,
    evaluations: line.evaluations(),
    reason,
  });
  for (let step = 0; step < most; step++) {
    if (largest(point.gradients) <= gradientTolerance) return end(step, "gradient");
    const { at, slope } = line.along(point, directionOf(point));
    // Not below 0 where rounding is all there is to the gradient.
    if (!(slope < 0)) return end(step, "loss");
    const before = point.loss;
    ({ point } = await wolfe(at, { t: 0, value: before, slope, point }, 1, search));
    line.go(point);
    if (before - point.loss <= lossTolerance * Math.max(Math.abs(before), 1))
      return end(step + 1, "loss");
  }
  return end(most, largest(point.gradients) <= gradientTolerance ? "gradient" : "steps");
}

/** A point in the space of the parameters. */
interface Point {
  readonly values: ByPath<Floats>;
  readonly loss: number;
  readonly gradients: ByPath<Floats>;
}

interface OnLine extends LinePoint {
  readonly point: Point;
}

function checkedOptions(options: MinimizeOptions): MinimizeOptions {
  const names = "steps memory gradientTolerance lossTolerance lineEvaluations";
  const given = known("minimize", options, names);
  const { gradientTolerance = 0, lossTolerance = 0, ...counts } = given;
  for (const [name, count] of Object.entries(counts))
    if (count !== undefined) whole("minimize", name, count, 1);
  notNegative("minimize", "gradientTolerance", gradientTolerance);
  notNegative("minimize", "lossTolerance", lossTolerance);
  return given;
}

/** The caller's arrays and function, as points and lines. */
function lineOf(evaluate: () => Evaluation | Promise<Evaluation>, params: ByPath<Parameter>) {
  checkByName("minimize", "arrays by name", params);
  const entries = mapPaths(params, (array, path) => parameterEntry("minimize", array, path));
  const paths = Object.keys(entries);
  let evaluations = 0;
  const go = ({ values }: Pick<Point, "values">): void =>
    paths.forEach((path) => entries[path]!.data.set(values[path]!));
  const here = async (): Promise<Point> => {
    evaluations++;
    const got = (await evaluate()) as Evaluation | undefined;
    if (typeof got?.loss !== "number")
      throw badArgument(
        "minimize",
        "evaluate to give { loss, gradients }, loss a number",
        shown(got),
      );
    const { loss, gradients } = got;
    inNameOf("minimize", () => checkGradients(gradients, entries, paths));
    return {
      values: mapPaths(entries, ({ data }) => data.slice()),
      loss,
      gradients: mapPaths(entries, (_, path) => dataOf(gradients[path]!).slice()),
    };
  };
  const slopeOf = ({ gradients }: Point, direction: ByPath<Floats>): number =>
    paths.reduce((sum, path) => sum + dot(gradients[path]!, direction[path]!), 0);
  return {
    go,
    evaluations: () => evaluations,
    async start(): Promise<Point> {
      const point = await here();
      if (!Number.isFinite(point.loss + largest(point.gradients)))
        throw badArgument("minimize", "a finite loss and gradients at the start", point.loss);
      return point;
    },
    /** The line from a point along a direction. */
    along(from: Point, direction: ByPath<Floats>) {
      const at = async (t: number): Promise<OnLine> => {
        for (const path of paths) {
          const [w, x, d] = [entries[path]!.data, from.values[path]!, direction[path]!];
          for (let i = 0; i < w.length; i++) w[i] = x[i]! + t * d[i]!;
        }
        const point = await here();
        return { t, value: point.loss, slope: slopeOf(point, direction), point };
      };
      return { at, slope: slopeOf(from, direction) };
    },
  };
}

/** What L-BFGS makes of points: −H g at each, in the order in which they are visited. */
function directions(params: ByPath<Parameter>, memory: number): (point: Point) => ByPath<Floats> {
  // A copy of the parameters, which the transform moves, and is set to the next point then.
  const copies = mapPaths(params, (array) => dataOf(array).slice());
  const optimizer = onArrays(
    chain(lbfgsRule("minimize", memory), inspect({ keep: "values" })),
    copies,
  );
  return ({ values, gradients }) => {
    for (const path in copies) copies[path]!.set(values[path]!);
    optimizer.step(gradients);
    const kept = optimizer.state().slots["inspect/values"]!;
    return mapPaths(kept, ({ data }) => (data as Floats).map((x: number) => -x) as Floats);
  };
}

function dot(a: Floats, b: Floats): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The largest absolute value; NaN where one is. */
function largest(arrays: ByPath<Floats>): number {
  let most = 0;
  for (const data of Object.values(arrays))
    for (const x of data) if (!(Math.abs(x) <= most)) most = Math.abs(x);
  return most;
}
