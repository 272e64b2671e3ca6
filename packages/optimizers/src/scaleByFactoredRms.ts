import type { Arithmetic, Schedule, Shape, Transform } from "@tenon/contracts";
import { badArgument, callable, known } from "@tenon/guards";
import { finite, rate } from "./internal/guards.js";
import { madeOf, mapped } from "./internal/hyper.js";
import { perParameter, type SlotStart } from "./internal/perParameter.js";
import { realPower } from "./internal/realPower.js";
import { isZero } from "./internal/rootOf.js";

export interface ScaleByFactoredRmsOptions {
  /**
   * How fast the running mean slows down: β = 1 − t⁻ᵏ at step t, from the mean of all squares with
   * 1 towards that of the last ones. @defaultValue 0.8
   */
  readonly decay?: Schedule | number;
  /** Added to each squared gradient. @defaultValue 1e-30 */
  readonly eps?: Schedule | number;
  /**
   * The least root of the mean square, and the least mean of rows; PyTorch has it, 1.2e-7 in
   * float32, in place of ε. @defaultValue 0
   */
  readonly floor?: Schedule | number;
  /**
   * Of which two axes, by shape, rows and columns are kept in place of all elements; none where it
   * is undefined. optax takes the two largest axes where both have 128 elements or more.
   * @defaultValue the last two, as in Keras and PyTorch
   */
  readonly factored?: (shape: Shape) => readonly [number, number] | undefined;
}

/**
 * Divides each gradient by the root of the running mean of its squares, of which only the means of
 * rows and columns are kept: the memory of a matrix's slots is that of its edges.
 *
 * β = 1 − t⁻ᵏ,  R ← βR + (1 − β) mean_columns(g² + ε),  C ← βC + (1 − β) mean_rows(g² + ε),
 * g ← g / √(R C / mean(R)); for a vector V ← βV + (1 − β)(g² + ε),  g ← g / √V
 *
 * optax' `scale_by_factored_rms`. Throws a RangeError unless k is finite, and ε and floor ≥ 0.
 * Shazeer & Stern (2018), Adafactor: adaptive learning rates with sublinear memory cost, algorithms
 * 4 and 5. arXiv:1804.04235
 */
export function scaleByFactoredRms(options: ScaleByFactoredRmsOptions = {}): Transform {
  const {
    decay = 0.8,
    eps = 1e-30,
    floor = 0,
    factored = lastTwo,
  } = known("scaleByFactoredRms", options, "decay eps floor factored");
  if (typeof decay !== "function") finite("scaleByFactoredRms", "decay", decay);
  rate("scaleByFactoredRms", "eps", eps);
  rate("scaleByFactoredRms", "floor", floor);
  callable("scaleByFactoredRms", "factored", factored);
  /** The means over one of the two axes, which is kept with size 1. */
  const meansOver =
    (which: 0 | 1): SlotStart =>
    (shape) => {
      const axes = axesOf(factored, shape);
      return axes && { shape: shape.map((size, i) => (i === axes[which] ? 1 : size)), start: 0 };
    };
  return perParameter(
    "scaleByFactoredRms",
    {
      rows: meansOver(1),
      columns: meansOver(0),
      v: (shape) => (axesOf(factored, shape) ? undefined : { shape, start: 0 }),
    },
    {
      taken: madeOf([decay], (at) => (step) => realPower(step + 1, -at(step))),
      kept: madeOf([decay], (at) => (step) => 1 - realPower(step + 1, -at(step))),
      eps,
      floor,
      floorOfSquare: mapped(floor, (least) => least * least),
    },
    ({ g, rows, columns, v }, { taken, kept, eps, floor, floorOfSquare }) => {
      const axes = axesOf(factored, g.shape);
      const square = isZero(eps) ? g.square() : g.square().add(eps);
      if (!axes) {
        v = v.mul(kept).add(square.mul(taken));
        return { g: g.div(atLeast(v, floorOfSquare).sqrt()), rows, columns, v };
      }
      rows = rows.mul(kept).add(mean(square, axes[1]).mul(taken));
      columns = columns.mul(kept).add(mean(square, axes[0]).mul(taken));
      const ratio = rows.div(atLeast(mean(rows, axes[0]), floor));
      // Two roots in place of that of the product, which may underflow in float32.
      const root = isZero(floor)
        ? ratio.sqrt().mul(columns.sqrt())
        : ratio.mul(columns).maximum(floorOfSquare).sqrt();
      return { g: g.div(root), rows, columns, v };
    },
  );
}

const lastTwo = ({ length }: Shape): readonly [number, number] | undefined =>
  length < 2 ? undefined : [length - 2, length - 1];

function axesOf(
  factored: NonNullable<ScaleByFactoredRmsOptions["factored"]>,
  shape: Shape,
): readonly [number, number] | undefined {
  const axes = factored(shape);
  if (axes && (axes[0] === axes[1] || axes.some((axis) => shape[axis] === undefined)))
    throw badArgument(
      "scaleByFactoredRms",
      `two axes of the shape [${shape.join(", ")}], or undefined`,
      `[${axes.join(", ")}]`,
    );
  return axes;
}

function mean<T extends Arithmetic<T>>(x: T, axis: number): T {
  return x.sum([axis], true).div(Math.max(1, x.shape[axis]!));
}

function atLeast<T extends Arithmetic<T>>(x: T, least: T | number): T {
  return isZero(least) ? x : x.maximum(least);
}
