// A training step of the blocks of larger networks, each with a mean and a dense layer behind it:
// - separable: depthwise 3×3, batch norm, ReLU, pointwise, batch norm, ReLU (MobileNet), twice, of
//   32 images 28×28×32, to 32 and to 64 channels
// - attention16, attention49: a transformer block of 64 sequences of 16 or 49 places, 64 wide, 4
//   heads, 256 units between its dense layers
// How it is run: besidePytorch.ts.
import type { Layer } from "@tenon/contracts";
import {
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  globalAvgPool1d,
  globalAvgPool2d,
  relu,
  sequential,
  transformerBlock,
} from "@tenon/layers";
import type { Tensor } from "@tenon/tensor";
import { besidePytorch } from "./besidePytorch.js";

const separable = (filters: number): readonly Layer<Tensor>[] => [
  depthwiseConv2d(3, { padding: "same", useBias: false }),
  batchNorm(),
  relu(),
  conv2d(filters, 1, { useBias: false }),
  batchNorm(),
  relu(),
];
const attention = sequential(transformerBlock(64, 4), globalAvgPool1d(), dense(10));
await besidePytorch({
  separable: {
    model: sequential(...separable(32), ...separable(64), globalAvgPool2d(), dense(10)),
    input: [32, 28, 28, 32],
  },
  attention16: { model: attention, input: [64, 16, 64] },
  attention49: { model: attention, input: [64, 49, 64] },
});
