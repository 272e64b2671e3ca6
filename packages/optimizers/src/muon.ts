import type { Schedule, Shape, Transform } from "@tenon/contracts";
import { callable, flag, known } from "@tenon/guards";
import { adamw } from "./adamw.js";
import { addDecayedWeights } from "./addDecayedWeights.js";
import { averageUpdates } from "./averageUpdates.js";
import { checkTransform } from "./internal/checkTransform.js";
import { decay, rate } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { preset } from "./internal/preset.js";
import { orthogonalize, type OrthogonalizeOptions } from "./orthogonalize.js";
import { partition } from "./partition.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface MuonOptions extends OrthogonalizeOptions {
  /** A number or a function of the step. @defaultValue 0.001 */
  readonly learningRate?: Schedule | number;
  /** Decay of the mean of gradients. @defaultValue 0.95 */
  readonly momentum?: Schedule | number;
  /** Use the mean one step ahead. @defaultValue true */
  readonly nesterov?: boolean;
  /** Divide the mean by 1 − μᵗ, as optax does. @defaultValue false */
  readonly debias?: boolean;
  /** A number or a function of the step. @defaultValue 0.1, as in PyTorch */
  readonly weightDecay?: Schedule | number;
  /**
   * The factor of a matrix's steps by its numbers of inputs and outputs, which are its rows and
   * columns. Keras and PyTorch's `match_rms_adamw`, whose steps are as long as AdamW's: `(inputs,
   * outputs) => 0.2 * Math.sqrt(Math.max(inputs,
   * outputs))`. @defaultValue √max(1, outputs / inputs)
   */
  readonly factor?: (inputs: number, outputs: number) => number;
  /** Which parameters are meant; they must be matrices. @defaultValue all that have two axes */
  readonly matrices?: (path: string, shape: Shape) => boolean;
  /** The optimizer of the other parameters. @defaultValue adamw of the same rate and decay */
  readonly others?: Transform;
}

/**
 * Momentum whose matrices are made orthogonal before each step, for the weights of dense layers and
 * attention; other parameters have an optimizer of their own.
 *
 * m ← μm + (1 − μ)g,  w ← w − η(factor · orthogonal(μm + (1 − μ)g) + λw), or orthogonal(m) without
 * `nesterov`. First and last layers and embeddings are better left to the others. Throws a
 * RangeError where an option is out of range.
 *
 * Jordan et al. (2024), Muon. Liu et al. (2025), Muon is scalable for LLM training,
 * arXiv:2502.16982
 */
export function muon(options: MuonOptions = {}): Transform {
  const {
    learningRate = 1e-3,
    momentum = 0.95,
    nesterov = true,
    debias = false,
    weightDecay = 0.1,
    factor = (inputs: number, outputs: number) => Math.sqrt(Math.max(1, outputs / inputs)),
    matrices = (_: string, { length }: Shape) => length === 2,
    others,
    ...rest
  } = known(
    "muon",
    options,
    "learningRate momentum nesterov debias weightDecay factor matrices others steps coefficients eps",
  );
  rate("muon", "learningRate", learningRate);
  rate("muon", "weightDecay", weightDecay);
  flag("muon", "nesterov", nesterov);
  callable("muon", "factor", factor);
  callable("muon", "matrices", matrices);
  decay("muon", "momentum", momentum, 0.95);
  if (others !== undefined) checkTransform("muon", others, "others as a transform");
  const rule = preset("muon", () => [
    averageUpdates(momentum, { nesterov, debias }),
    orthogonalize(rest),
    perParameter("scaleByShape", {}, {}, ({ g }) => ({
      g: g.mul(factor(g.shape[0]!, g.shape[1]!)),
    })),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate),
  ]);
  const kind = (path: string, shape: Shape): "matrices" | "others" =>
    matrices(path, shape) ? "matrices" : "others";
  return {
    ...partition({ matrices: rule, others: others ?? adamw({ learningRate, weightDecay }) }, kind),
    name: "muon",
  };
}
