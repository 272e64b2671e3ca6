import type { Layer } from "@tenon/contracts";
import {
  input as placeholder,
  pairOf,
  type Pair,
  type Pool2dOptions,
  type Tensor,
} from "@tenon/tensor";
import { checkCount, checkImage, inNameOf } from "./check.js";
import { map } from "./map.js";
import { alongRow, checkSequence, onRow, type RowOptions } from "./sequence.js";

type Pool<Options> = (x: Tensor, window: Pair, options: Options) => Tensor;

/** The layer of an operation on windows of an image. */
export function poolOf<Options extends Pool2dOptions & { readonly dilation?: Pair }>(
  type: string,
  pool: Pool<Options>,
  window: Pair,
  options: Options,
): Layer<Tensor> {
  const apply = (x: Tensor): Tensor => inNameOf(type, () => pool(x, window, options));
  checkEarly(type, window, options, apply);
  return map(type, [window, options], apply, (input) => checkImage(type, input));
}

/** The layer of the same operation on windows of a sequence. */
export function poolAlongRow<Options extends RowOptions>(
  type: string,
  pool: Pool<never>,
  window: number,
  options: Options,
): Layer<Tensor> {
  checkCount(type, "window", window);
  const { strides = window, padding, dilation, ...rest } = options;
  const how = {
    ...rest,
    ...alongRow(type, {
      strides,
      ...(padding !== undefined && { padding }),
      ...(dilation !== undefined && { dilation }),
    }),
  };
  const apply = (row: Tensor): Tensor => pool(row, [1, window], how as never);
  checkEarly(type, [1, window], how, (row) => inNameOf(type, () => apply(row)));
  return map(
    type,
    [window, options],
    (x) => onRow(type, x, apply),
    (input) => checkSequence(type, input),
  );
}

/** The operation's own checks, on an image of one window. */
function checkEarly(
  type: string,
  window: Pair,
  { dilation = 1 }: { readonly dilation?: Pair },
  apply: (x: Tensor) => Tensor,
): void {
  const size = pairOf(type, "a window", window);
  const [rows, columns] = pairOf(type, "dilation", dilation).map((n, i) => n * size[i]!);
  apply(placeholder("image", { shape: [1, rows!, columns!, 1] }));
}
