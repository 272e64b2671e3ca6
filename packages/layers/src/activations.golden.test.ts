import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { normalize } from "@tenon/tensor";
import * as layers from "./index.js";
import { run } from "./internal/testing.js";

interface Row extends GoldenRow {
  readonly x: GoldenArray;
  readonly y: GoldenArray;
  /** Where y depends on its own x only: the gradient at each. */
  readonly derivative?: GoldenArray;
  readonly dx?: GoldenArray;
  readonly dy?: GoldenArray;
}
type ReadOption = <V>(name: string, otherwise: V) => V;

interface CurveOptions {
  /**
   * Where the function bends or jumps and the library takes another of the possible gradients: left
   * out there, compared everywhere else.
   */
  readonly kinks?: readonly number[];
  /** Where the library rounds a constant of its own. */
  readonly tolerance?: number;
}

/** Compares a function and its gradient; an option that `make` does not read is not covered. */
function curve(
  make: (option: ReadOption) => layers.Activation,
  { kinks = [], tolerance }: CurveOptions = {},
): (row: Row) => void {
  return (row) => {
    const optionsRead = new Set<string>();
    const ours = make((name, otherwise) => {
      optionsRead.add(name);
      return name in row.options ? (row.options[name] as typeof otherwise) : otherwise;
    });
    const strange = Object.keys(row.options).filter((name) => !optionsRead.has(name));
    if (strange.length > 0) notCovered(`option ${strange.join(", ")}`);
    const { y, dx } = run(ours, { x: row.x, ...(row.dy && { dy: row.dy }) });
    expectClose(y.data, row.y.data, toleranceOf(row), "y");
    const smooth = (grads: ArrayLike<number>): number[] =>
      Array.from(grads).filter((_, i) => !kinks.includes(row.x.data[i]!));
    expectClose(
      smooth(dx.data),
      smooth((row.derivative ?? row.dx)!.data),
      tolerance ?? toleranceOf(row),
      "gradient",
    );
  };
}

const simple = (make: () => layers.Activation, options: CurveOptions = {}): ((row: Row) => void) =>
  curve(() => make(), options);
const along = (make: (options: { axis: number }) => layers.Activation): ((row: Row) => void) =>
  curve((option) => make({ axis: option("dim", option("axis", -1)) }));

const torch = "torch/torch.nn.functional.";
const keras = "keras/keras.activations.";
const jax = "jax/jax.nn.";

goldenSuite("activations", golden<Row>("activations"), {
  [`${torch}relu`]: simple(layers.relu),
  [`${torch}relu6`]: simple(layers.relu6),
  [`${torch}leaky_relu`]: curve((option) => layers.leakyRelu(option("negative_slope", 0.01))),
  [`${torch}elu`]: curve((option) => layers.elu({ alpha: option("alpha", 1) })),
  [`${torch}selu`]: simple(layers.selu),
  [`${torch}celu`]: curve((option) => layers.celu({ alpha: option("alpha", 1) })),
  [`${torch}gelu`]: curve((option) =>
    layers.gelu({ approximate: option<string>("approximate", "none") === "tanh" }),
  ),
  [`${torch}silu`]: simple(layers.silu),
  [`${torch}mish`]: simple(layers.mish),
  [`${torch}softplus`]: curve((option) =>
    layers.softplus({ beta: option("beta", 1), threshold: option("threshold", 20) }),
  ),
  [`${torch}softsign`]: simple(layers.softsign),
  [`${torch}tanh`]: simple(layers.tanh),
  [`${torch}sigmoid`]: simple(layers.sigmoid),
  [`${torch}logsigmoid`]: simple(layers.logSigmoid),
  [`${torch}hardtanh`]: curve((option) =>
    layers.hardTanh({ low: option("min_val", -1), high: option("max_val", 1) }),
  ),
  // PyTorch holds 1/6 in float32 in the gradient.
  [`${torch}hardsigmoid`]: simple(layers.hardSigmoid, { tolerance: 1e-7 }),
  [`${torch}hardswish`]: simple(layers.hardSwish),
  [`${torch}hardshrink`]: curve((option) => layers.hardShrink({ lambda: option("lambd", 0.5) })),
  [`${torch}softshrink`]: curve((option) => layers.softShrink({ lambda: option("lambd", 0.5) })),
  [`${torch}tanhshrink`]: simple(layers.tanhShrink),
  [`${torch}threshold`]: curve((option) =>
    layers.threshold({ threshold: option("threshold", 0), value: option("value", 0) }),
  ),
  [`${torch}softmax`]: along(layers.softmax),
  [`${torch}log_softmax`]: along(layers.logSoftmax),
  [`${torch}softmin`]: along(layers.softmin),
  [`${torch}glu`]: along(layers.glu),
  [`${torch}normalize`]: along(({ axis }) =>
    layers.activation("normalize", (x) => normalize(x, { axes: axis })),
  ),

  // Keras sums both sides' gradients at 0, which gives 2.
  [`${keras}celu`]: curve((option) => layers.celu({ alpha: option("alpha", 1) }), { kinks: [0] }),
  [`${keras}elu`]: curve((option) => layers.elu({ alpha: option("alpha", 1) })),
  [`${keras}exponential`]: simple(layers.exponential),
  [`${keras}gelu`]: curve((option) => layers.gelu({ approximate: option("approximate", false) })),
  [`${keras}hard_shrink`]: curve((option) =>
    layers.hardShrink({ lambda: option("threshold", 0.5) }),
  ),
  [`${keras}hard_sigmoid`]: simple(layers.hardSigmoid),
  [`${keras}hard_silu`]: simple(layers.hardSwish),
  // Its gradient is 1 at the bounds; ours is PyTorch's, 0.
  [`${keras}hard_tanh`]: simple(layers.hardTanh, { kinks: [-1, 1] }),
  // TensorFlow holds the gradient in float32.
  [`${keras}leaky_relu`]: curve((option) =>
    layers.leakyRelu(Math.fround(option("negative_slope", 0.2))),
  ),
  [`${keras}log_sigmoid`]: simple(layers.logSigmoid),
  [`${keras}mish`]: simple(layers.mish),
  [`${keras}relu`]: curve((option) => {
    const maxValue = option<number | null>("max_value", null);
    return layers.piecewiseRelu({
      negativeSlope: option("negative_slope", 0),
      threshold: option("threshold", 0),
      ...(maxValue !== null && { maxValue }),
    });
  }),
  [`${keras}relu6`]: simple(layers.relu6),
  // Keras takes the right side's gradient at 0, PyTorch and we the left side's.
  [`${keras}selu`]: simple(layers.selu, { kinks: [0] }),
  [`${keras}sigmoid`]: simple(layers.sigmoid),
  [`${keras}silu`]: simple(layers.silu),
  [`${keras}soft_shrink`]: curve((option) =>
    layers.softShrink({ lambda: option("threshold", 0.5) }),
  ),
  [`${keras}softplus`]: simple(layers.softplus),
  [`${keras}softsign`]: simple(layers.softsign),
  [`${keras}sparse_plus`]: simple(layers.sparsePlus),
  [`${keras}sparse_sigmoid`]: simple(layers.sparseSigmoid),
  [`${keras}squareplus`]: curve((option) => layers.squareplus({ b: option("b", 4) })),
  [`${keras}tanh`]: simple(layers.tanh),
  [`${keras}tanh_shrink`]: simple(layers.tanhShrink),
  [`${keras}threshold`]: curve((option) =>
    layers.threshold({ threshold: option("threshold", 0), value: option("default_value", 0) }),
  ),
  [`${keras}linear`]: simple(layers.identity),
  [`${keras}sparsemax`]: () =>
    notCovered(
      "Keras subtracts the sum of all partial sums, not the last of them as the paper does: where more " +
        "than one value stays, its results do not add up to 1",
    ),
  [`${keras}softmax`]: along(layers.softmax),
  [`${keras}log_softmax`]: along(layers.logSoftmax),
  [`${keras}glu`]: along(layers.glu),

  [`${jax}celu`]: simple(layers.celu),
  [`${jax}elu`]: simple(layers.elu),
  [`${jax}gelu`]: curve((option) => layers.gelu({ approximate: option("approximate", true) })),
  [`${jax}hard_sigmoid`]: simple(layers.hardSigmoid),
  [`${jax}hard_silu`]: simple(layers.hardSwish),
  [`${jax}hard_tanh`]: simple(layers.hardTanh, { kinks: [-1, 1] }),
  // jax takes the right side's gradient at 0.
  [`${jax}identity`]: simple(layers.identity),
  [`${jax}leaky_relu`]: curve((option) => layers.leakyRelu(option("negative_slope", 0.01)), {
    kinks: [0],
  }),
  [`${jax}log_sigmoid`]: simple(layers.logSigmoid),
  [`${jax}mish`]: simple(layers.mish),
  [`${jax}relu`]: simple(layers.relu),
  [`${jax}relu6`]: simple(layers.relu6),
  [`${jax}selu`]: simple(layers.selu),
  [`${jax}sigmoid`]: simple(layers.sigmoid),
  [`${jax}silu`]: simple(layers.silu),
  [`${jax}soft_sign`]: simple(layers.softsign),
  [`${jax}softplus`]: simple(layers.softplus),
  [`${jax}sparse_plus`]: simple(layers.sparsePlus),
  // jax takes half of the gradient at the bounds.
  [`${jax}sparse_sigmoid`]: simple(layers.sparseSigmoid, { kinks: [-1, 1] }),
  [`${jax}squareplus`]: curve((option) => layers.squareplus({ b: option("b", 4) })),
  [`${jax}tanh`]: simple(layers.tanh),
});
