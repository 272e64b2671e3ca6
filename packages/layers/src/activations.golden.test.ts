import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
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
type Had = <V>(name: string, otherwise: V) => V;

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
  make: (had: Had) => layers.Activation,
  { kinks = [], tolerance }: CurveOptions = {},
): (row: Row) => void {
  return (row) => {
    const known = new Set<string>();
    const ours = make((name, otherwise) => {
      known.add(name);
      return name in row.options ? (row.options[name] as typeof otherwise) : otherwise;
    });
    const strange = Object.keys(row.options).filter((name) => !known.has(name));
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

const one = (make: () => layers.Activation, options: CurveOptions = {}): ((row: Row) => void) =>
  curve(() => make(), options);
const along = (make: (options: { axis: number }) => layers.Activation): ((row: Row) => void) =>
  curve((had) => make({ axis: had("dim", had("axis", -1)) }));

const torch = "torch/torch.nn.functional.";
const keras = "keras/keras.activations.";
const jax = "jax/jax.nn.";

goldenSuite("activations", golden<Row>("activations"), {
  [`${torch}relu`]: one(layers.relu),
  [`${torch}relu6`]: one(layers.relu6),
  [`${torch}leaky_relu`]: curve((had) => layers.leakyRelu(had("negative_slope", 0.01))),
  [`${torch}elu`]: curve((had) => layers.elu({ alpha: had("alpha", 1) })),
  [`${torch}selu`]: one(layers.selu),
  [`${torch}celu`]: curve((had) => layers.celu({ alpha: had("alpha", 1) })),
  [`${torch}gelu`]: curve((had) =>
    layers.gelu({ approximate: had<string>("approximate", "none") === "tanh" }),
  ),
  [`${torch}silu`]: one(layers.silu),
  [`${torch}mish`]: one(layers.mish),
  [`${torch}softplus`]: curve((had) =>
    layers.softplus({ beta: had("beta", 1), threshold: had("threshold", 20) }),
  ),
  [`${torch}softsign`]: one(layers.softsign),
  [`${torch}tanh`]: one(layers.tanh),
  [`${torch}sigmoid`]: one(layers.sigmoid),
  [`${torch}logsigmoid`]: one(layers.logSigmoid),
  [`${torch}hardtanh`]: curve((had) =>
    layers.hardTanh({ low: had("min_val", -1), high: had("max_val", 1) }),
  ),
  // PyTorch holds 1/6 in float32 in the gradient.
  [`${torch}hardsigmoid`]: one(layers.hardSigmoid, { tolerance: 1e-7 }),
  [`${torch}hardswish`]: one(layers.hardSwish),
  [`${torch}hardshrink`]: curve((had) => layers.hardShrink({ lambda: had("lambd", 0.5) })),
  [`${torch}softshrink`]: curve((had) => layers.softShrink({ lambda: had("lambd", 0.5) })),
  [`${torch}tanhshrink`]: one(layers.tanhShrink),
  [`${torch}threshold`]: curve((had) =>
    layers.threshold({ threshold: had("threshold", 0), value: had("value", 0) }),
  ),
  [`${torch}softmax`]: along(layers.softmax),
  [`${torch}log_softmax`]: along(layers.logSoftmax),
  [`${torch}softmin`]: along(layers.softmin),
  [`${torch}glu`]: along(layers.glu),

  // Keras sums both sides' gradients at 0, and says 2.
  [`${keras}celu`]: curve((had) => layers.celu({ alpha: had("alpha", 1) }), { kinks: [0] }),
  [`${keras}elu`]: curve((had) => layers.elu({ alpha: had("alpha", 1) })),
  [`${keras}exponential`]: one(layers.exponential),
  [`${keras}gelu`]: curve((had) => layers.gelu({ approximate: had("approximate", false) })),
  [`${keras}hard_shrink`]: curve((had) => layers.hardShrink({ lambda: had("threshold", 0.5) })),
  [`${keras}hard_sigmoid`]: one(layers.hardSigmoid),
  [`${keras}hard_silu`]: one(layers.hardSwish),
  // Its gradient is 1 at the bounds; ours is PyTorch's, 0.
  [`${keras}hard_tanh`]: one(layers.hardTanh, { kinks: [-1, 1] }),
  // TensorFlow holds the gradient in float32.
  [`${keras}leaky_relu`]: curve((had) => layers.leakyRelu(Math.fround(had("negative_slope", 0.2)))),
  [`${keras}log_sigmoid`]: one(layers.logSigmoid),
  [`${keras}mish`]: one(layers.mish),
  [`${keras}relu`]: curve((had) => {
    const bent = had("negative_slope", 0);
    const from = had("threshold", 0);
    const to = had<number | null>("max_value", null);
    return bent === 0 && from === 0 && to === null
      ? layers.relu()
      : notCovered("a relu with other linear segments");
  }),
  [`${keras}relu6`]: one(layers.relu6),
  // Keras takes the right side's gradient at 0, PyTorch and we the left side's.
  [`${keras}selu`]: one(layers.selu, { kinks: [0] }),
  [`${keras}sigmoid`]: one(layers.sigmoid),
  [`${keras}silu`]: one(layers.silu),
  [`${keras}soft_shrink`]: curve((had) => layers.softShrink({ lambda: had("threshold", 0.5) })),
  [`${keras}softplus`]: one(layers.softplus),
  [`${keras}softsign`]: one(layers.softsign),
  [`${keras}sparse_plus`]: one(layers.sparsePlus),
  [`${keras}sparse_sigmoid`]: one(layers.sparseSigmoid),
  [`${keras}squareplus`]: curve((had) => layers.squareplus({ b: had("b", 4) })),
  [`${keras}tanh`]: one(layers.tanh),
  [`${keras}tanh_shrink`]: one(layers.tanhShrink),
  [`${keras}threshold`]: curve((had) =>
    layers.threshold({ threshold: had("threshold", 0), value: had("default_value", 0) }),
  ),
  [`${keras}softmax`]: along(layers.softmax),
  [`${keras}log_softmax`]: along(layers.logSoftmax),
  [`${keras}glu`]: along(layers.glu),

  [`${jax}celu`]: one(layers.celu),
  [`${jax}elu`]: one(layers.elu),
  [`${jax}gelu`]: curve((had) => layers.gelu({ approximate: had("approximate", true) })),
  [`${jax}hard_sigmoid`]: one(layers.hardSigmoid),
  [`${jax}hard_silu`]: one(layers.hardSwish),
  [`${jax}hard_tanh`]: one(layers.hardTanh, { kinks: [-1, 1] }),
  // jax takes the right side's gradient at 0.
  [`${jax}leaky_relu`]: curve((had) => layers.leakyRelu(had("negative_slope", 0.01)), {
    kinks: [0],
  }),
  [`${jax}log_sigmoid`]: one(layers.logSigmoid),
  [`${jax}mish`]: one(layers.mish),
  [`${jax}relu`]: one(layers.relu),
  [`${jax}relu6`]: one(layers.relu6),
  [`${jax}selu`]: one(layers.selu),
  [`${jax}sigmoid`]: one(layers.sigmoid),
  [`${jax}silu`]: one(layers.silu),
  [`${jax}soft_sign`]: one(layers.softsign),
  [`${jax}softplus`]: one(layers.softplus),
  [`${jax}sparse_plus`]: one(layers.sparsePlus),
  // jax takes half of the gradient at the bounds.
  [`${jax}sparse_sigmoid`]: one(layers.sparseSigmoid, { kinks: [-1, 1] }),
  [`${jax}squareplus`]: curve((had) => layers.squareplus({ b: had("b", 4) })),
  [`${jax}tanh`]: one(layers.tanh),
});
