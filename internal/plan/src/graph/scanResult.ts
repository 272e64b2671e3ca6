import type { ScanAttrs, ScanResultAttrs, Tensor } from "@tenon/tensor";

/** Which value of a step a result of a scan is. */
export interface ScanResult {
  /** The position of the last state's tensor among those of the state; undefined of an output. */
  readonly state: number | undefined;
  /** What a step computes for it. */
  readonly value: Tensor;
}

/** What a `scanResult` is in its scan. */
export function scanResultOf({ inputs: [scan], attrs }: Tensor): ScanResult {
  const { body, outputs } = scan!.attrs as ScanAttrs;
  const { index } = attrs as ScanResultAttrs;
  const states = body.next.length;
  return index < states
    ? { state: index, value: body.next[index]! }
    : { state: undefined, value: outputs[index - states]! };
}
