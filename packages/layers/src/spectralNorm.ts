import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { norm, normalize, type Tensor } from "@tenon/tensor";
import { checkCount, param, stat } from "./internal/check.js";
import { reparametrized } from "./internal/reparametrized.js";

export interface SpectralNormOptions {
  /** How many times a training step improves the estimate of σ. @defaultValue 1 */
  readonly iterations?: number;
}

/**
 * Divides a layer's kernel by its largest singular value: ŵ = w / σ(w), so that the layer stretches
 * no input to more than its length. The kernel counts as a matrix [inputs, outputs].
 *
 * σ is found by power iteration: v ← w u / ‖w u‖, u ← wᵀ v / ‖wᵀ v‖, σ = vᵀ w u, from the u of the
 * step before; no gradient passes through u and v. Outside training u stays. The parameters are the
 * layer's; statistic: `u` [outputs]. Keras `SpectralNormalization`, PyTorch
 * `parametrizations.spectral_norm`.
 *
 * Miyato et al. (2018), Spectral normalization for generative adversarial networks, algorithm 1.
 * arXiv:1802.05957
 *
 * @param layer one with a parameter called `kernel`, such as dense or conv2d
 * @throws in `plan`, if the layer has no `kernel`
 */
export function spectralNorm(
  layer: Layer<Tensor>,
  options: SpectralNormOptions = {},
): Layer<Tensor> {
  const { iterations = 1 } = known("spectralNorm", options, "iterations");
  checkCount("spectralNorm", "iterations", iterations);
  return reparametrized("spectralNorm", layer, [options], {
    stats: (kernel) => ({ u: { shape: kernel.shape.slice(-1), start: 1 } }),
    kernel(pass) {
      const w = param("spectralNorm", pass, "kernel");
      const outputs = w.shape[w.shape.length - 1]!;
      const matrix = w.reshape([-1, outputs]);
      let u = normalize(stat("spectralNorm", pass, "u")).reshape([outputs, 1]);
      if (!pass.training) return w.div(norm(matrix.matmul(u)));
      const fixed = matrix.detach();
      let v = u;
      for (let i = 0; i < iterations; i++) {
        v = normalize(fixed.matmul(u), { axes: 0 });
        u = normalize(fixed.transpose().matmul(v), { axes: 0 });
      }
      pass.setStat("u", u.reshape([outputs]));
      return w.div(matrix.matmul(u).mul(v).sum());
    },
  });
}
