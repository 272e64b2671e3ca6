import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * Mixes groups of channels, between two convolutions in groups: the first channel of each group,
 * then the second of each, and so on.
 *
 * Works on the last axis. PyTorch `ChannelShuffle`.
 *
 * Zhang et al. (2018), ShuffleNet, section 3.1. arXiv:1707.01083
 *
 * @param groups must divide the number of channels
 */
export function channelShuffle(groups: number): Layer<Tensor> {
  noOptions("channelShuffle", arguments[1]);
  checkCount("channelShuffle", "groups", groups);
  return map(
    "channelShuffle",
    [groups],
    (x) => {
      const rank = x.shape.length;
      const inGroups = x.reshape([...x.shape.slice(0, -1), groups, x.shape[rank - 1]! / groups]);
      const before = x.shape.slice(0, -1).map((_, i) => i);
      return inGroups.transpose([...before, rank, rank - 1]).reshape(x.shape);
    },
    (input) => {
      const channels = input[input.length - 1];
      if (channels === undefined || channels % groups !== 0)
        throw badArgument("channelShuffle", `channels divisible by ${groups} groups`, show(input));
    },
  );
}
