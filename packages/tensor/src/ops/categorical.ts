import type { Shape } from "@tenon/contracts";
import { badArgument, inNameOf, isFiniteNumber, known, noOptions, shown } from "@tenon/guards";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { withGradient } from "../internal/withGradient.js";
import { axisOf, show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { arange } from "./leaf.js";
import { argMax, softmax } from "./reduce.js";
import { uniform } from "./uniform.js";

/** Gumbel numbers, −log(−log u): what is largest of logits with them has softmax's probability. */
function gumbel(shape: Shape, seed: Tensor, step: Tensor, stream: number): Tensor {
  // 0 is one of 2²⁴ values of u, and 2⁻²⁵ is half of the next one.
  const u = uniform(shape, seed, step, stream).maximum(2 ** -25);
  return u.log().neg().log().neg();
}

/**
 * Classes drawn at random with the probabilities softmax(logits), int32: of logits […, classes] one
 * class for each […]. The next token of a model of text is `categorical(logits.div(temperature),
 * seed, step)`.
 *
 * The largest of logits + Gumbel numbers, a function of (seed, step, stream), as `uniform`. No
 * gradient passes. TensorFlow.js: `multinomial`; jax, Keras: `random.categorical`; PyTorch:
 * `multinomial`, of probabilities, whose logarithms are logits. Maddison, Tarlow & Minka (2014), A*
 * sampling. arXiv:1411.0030
 *
 * @param seed int32 scalar
 * @param step int32 scalar
 */
export function categorical(logits: Tensor, seed: Tensor, step: Tensor, stream = 0): Tensor {
  noOptions("categorical", arguments[4]);
  const noise = noiseFor("categorical", logits, seed, step, stream);
  return argMax(logits.add(noise), -1);
}

/** The least number that float32 holds with all its digits; what is less may be 0 in an engine. */
const leastNormal = 1.1754943508222875e-38;

export interface GumbelSoftmaxOptions {
  /** Near 0 the result is close to a single one. @defaultValue 1 */
  readonly temperature?: number;
  /**
   * Whether the largest becomes 1 and all else 0, with the gradient as before. @defaultValue false
   */
  readonly hard?: boolean;
  /** @defaultValue -1 */
  readonly axis?: number;
  /** Distinguishes the draws of one step. @defaultValue 0 */
  readonly stream?: number;
}

/**
 * A random choice of a class through which gradients pass: softmax((logits + G) / temperature) with
 * Gumbel numbers G, a function of (seed, step, stream), as `uniform`.
 *
 * PyTorch: `gumbel_softmax`. Jang, Gu & Poole (2017), Categorical reparameterization with
 * Gumbel-softmax, equation 2. arXiv:1611.01144
 *
 * @param seed int32 scalar
 * @param step int32 scalar
 */
export function gumbelSoftmax(
  logits: Tensor,
  seed: Tensor,
  step: Tensor,
  options: GumbelSoftmaxOptions = {},
): Tensor {
  const {
    temperature = 1,
    hard = false,
    axis = -1,
    stream = 0,
  } = known("gumbelSoftmax", options, "temperature hard axis stream");
  const noise = noiseFor("gumbelSoftmax", logits, seed, step, stream);
  checkFlag("gumbelSoftmax", "hard", hard);
  if (!isFiniteNumber(temperature) || temperature <= 0)
    throw badArgument("gumbelSoftmax", "a finite temperature > 0", shown(temperature));
  const along = axisOf("gumbelSoftmax", axis, logits.shape.length);
  const drawn = logits.add(noise);
  // Next to the largest, which is 0: divided by little, all else becomes −∞ and not ∞ − ∞.
  const below = drawn.sub(drawn.max(along, true).detach());
  const soft = softmax(below.div(Math.max(temperature, leastNormal)), along);
  if (!hard) return soft;
  const classes = arange(logits.shape[along]!).reshape(
    logits.shape.map((n, i) => (i === along ? n : 1)),
  );
  const one = argMax(soft, along, true).equal(classes).cast("float32");
  return withGradient(one, [soft], (g) => g);
}

function noiseFor(
  name: string,
  logits: Tensor,
  seed: Tensor,
  step: Tensor,
  stream: number,
): Tensor {
  checkTensor(name, logits, "logits as a tensor");
  if (logits.shape.length === 0 || logits.shape.includes(0))
    throw badArgument(name, "logits […, classes]", show(logits.shape));
  return inNameOf(name, () => gumbel(logits.shape, seed, step, stream));
}
