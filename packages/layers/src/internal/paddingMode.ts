import { badArgument, shown } from "@tenon/guards";
import {
  padEdges,
  paddingOf,
  pairOf,
  type Conv2dOptions,
  type EdgeMode,
  type Tensor,
} from "@tenon/tensor";

/**
 * What is beyond the edges of an image: zeros, or the image itself as `padEdges` of the tensors.
 */
export type PaddingMode = "zeros" | EdgeMode;

/** Throws unless it is one. */
export function checkPaddingMode(name: string, what: string, mode: unknown): void {
  if (!["zeros", "reflect", "replicate", "circular"].includes(mode as string))
    throw badArgument(name, `${what} "zeros", "reflect", "replicate" or "circular"`, shown(mode));
}

/**
 * The operands of a convolution of an image with other edges than zeros: the padded image, and
 * options without padding.
 */
export function withEdges<Options extends Conv2dOptions>(
  name: string,
  x: Tensor,
  kernel: Tensor,
  mode: PaddingMode,
  options: Options,
): [Tensor, Options] {
  if (mode === "zeros") return [x, options];
  const { padding = "valid", strides = 1, dilation = 1 } = options;
  const widths = paddingOf(
    name,
    padding,
    [x.shape[1]!, x.shape[2]!],
    [kernel.shape[0]!, kernel.shape[1]!],
    pairOf(name, "strides", strides),
    pairOf(name, "dilation", dilation),
  );
  return [padEdges(x, [[0, 0], ...widths, [0, 0]], mode), { ...options, padding: "valid" }];
}
