import { golden } from "@tenon/golden";
import { goldenSuite, notCovered } from "@tenon/testkit";
import * as o from "./index.js";
import { follows, rateOf, read, type OptimizerRow } from "./internal/testing/goldenRows.js";

/** The formulas as the tutorial prints them; `formula` repeats the name in words. */
const base = { lr: NaN, formula: "" };
type Norm = "global" | "tensor";
const epsilons = (position: unknown, eps: number): { eps: number; epsRoot?: number } =>
  position === "inside"
    ? { eps: 0, epsRoot: eps }
    : position === "outside"
      ? { eps }
      : notCovered(`eps ${String(position)}`);

const rows = golden<OptimizerRow>("optimizers").filter(({ lib }) => lib === "numpy-tutorial");

goldenSuite("optimizers (the tutorial's formulas)", rows, {
  "numpy-tutorial/sgd": (row) =>
    follows(row, o.sgd({ learningRate: rateOf(row, read(row.options, base).lr) })),
  "numpy-tutorial/momentum"(row) {
    const { lr, momentum } = read(row.options, { ...base, momentum: NaN });
    follows(row, o.momentum({ learningRate: rateOf(row, lr), momentum, rateInside: true }));
  },
  "numpy-tutorial/normalized-gradient"(row) {
    const { lr, norm } = read(row.options, { ...base, norm: "" as Norm });
    follows(
      row,
      o.chain(o.normalizedGradient({ norm: norm as Norm }), o.scaleByLearningRate(rateOf(row, lr))),
    );
  },
  "numpy-tutorial/adagrad"(row) {
    const {
      lr,
      eps,
      eps_position,
      initial_accumulator: start,
    } = read(row.options, { ...base, eps: NaN, eps_position: "", initial_accumulator: 0 });
    follows(
      row,
      o.adagrad({ learningRate: rateOf(row, lr), start, ...epsilons(eps_position, eps) }),
    );
  },
  "numpy-tutorial/rmsprop"(row) {
    const { lr, eps, eps_position, decay } = read(row.options, {
      ...base,
      eps: NaN,
      eps_position: "",
      decay: NaN,
    });
    follows(
      row,
      o.rmsprop({ learningRate: rateOf(row, lr), decay, ...epsilons(eps_position, eps) }),
    );
  },
  "numpy-tutorial/adam"(row) {
    const { lr, beta1, beta2, eps } = read(row.options, {
      ...base,
      beta1: NaN,
      beta2: NaN,
      eps: NaN,
    });
    follows(row, o.adam({ learningRate: rateOf(row, lr), beta1, beta2, eps }));
  },
  "numpy-tutorial/sgd-clipped"(row) {
    const { lr, threshold, norm, form } = read(row.options, {
      ...base,
      threshold: NaN,
      norm: "" as Norm,
      form: "" as "usual" | "tutorial",
    });
    const clip = (norm as Norm) === "global" ? o.clipByGlobalNorm : o.clipByNorm;
    follows(
      row,
      o.chain(
        clip(threshold, { form: form as "usual" | "tutorial" }),
        o.sgd({ learningRate: rateOf(row, lr) }),
      ),
    );
  },
});
