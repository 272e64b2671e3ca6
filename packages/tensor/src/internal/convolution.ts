import type { Elements } from "@tenon/contracts";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";
import { makeNode } from "./makeNode.js";
import { windows } from "./windows.js";

export interface Conv2dAttrs {
  readonly strides: readonly [number, number];
  /** [[top, bottom], [left, right]] */
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  /**
   * Rows and columns of the image and of the kernel: the operands of the two adjoints do not
   * determine them.
   */
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
}

export type Shape4 = readonly [number, number, number, number];

// A convolution is linear in each of image, kernel and output; the three operations are each
// other's gradients.

const forward: Op<Conv2dAttrs> = {
  name: "conv2d",
  gradient: ({ inputs: [x, w], attrs }, g) => [
    conv2dInput(g, w!, attrs),
    conv2dFilter(x!, g, attrs),
  ],
  evaluate: (node, [x, w], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        x!.shape as Shape4,
        w!.shape as Shape4,
        node.shape as Shape4,
        (xi, wi, yi) => {
          to[yi]! += x!.data[xi]! * w!.data[wi]!;
        },
      ),
    ),
};

const inputOp: Op<Conv2dAttrs> = {
  name: "conv2dInput",
  gradient: ({ inputs: [y, w], attrs }, g) => [convolve(g, w!, attrs), conv2dFilter(g, y!, attrs)],
  evaluate: (node, [y, w], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        node.shape as Shape4,
        w!.shape as Shape4,
        y!.shape as Shape4,
        (xi, wi, yi) => {
          to[xi]! += y!.data[yi]! * w!.data[wi]!;
        },
      ),
    ),
};

const filterOp: Op<Conv2dAttrs> = {
  name: "conv2dFilter",
  gradient: ({ inputs: [x, y], attrs }, g) => [conv2dInput(y!, g, attrs), convolve(x!, g, attrs)],
  evaluate: (node, [x, y], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        x!.shape as Shape4,
        node.shape as Shape4,
        y!.shape as Shape4,
        (xi, wi, yi) => {
          to[wi]! += x!.data[xi]! * y!.data[yi]!;
        },
      ),
    ),
};

/** Sums in float64, rounded once. */
function summed(out: Elements, fill: (to: Float64Array) => void): void {
  const to = new Float64Array(out.length);
  fill(to);
  out.set(to);
}

/** Every product of a convolution: the places of its image cell, kernel cell and output cell. */
function visit(
  { strides, padding, dilation, groups }: Conv2dAttrs,
  [n, h, w, c]: Shape4,
  [kh, kw, cg, o]: Shape4,
  [, oh, ow]: Shape4,
  product: (x: number, w: number, y: number) => void,
): void {
  const og = o / groups;
  for (let b = 0; b < n; b++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let ki = 0; ki < kh; ki++)
          for (let kj = 0; kj < kw; kj++) {
            const row = i * strides[0] + ki * dilation[0] - padding[0][0];
            const column = j * strides[1] + kj * dilation[1] - padding[1][0];
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const x = ((b * h + row) * w + column) * c;
            const y = ((b * oh + i) * ow + j) * o;
            const k = (ki * kw + kj) * cg * o;
            for (let group = 0; group < groups; group++)
              for (let q = 0; q < cg; q++)
                for (let p = 0; p < og; p++)
                  product(x + group * cg + q, k + q * o + group * og + p, y + group * og + p);
          }
}

/** [n, height, width, channels] ∗ [rows, columns, channels / groups, outputs] */
export function convolve(x: Tensor, w: Tensor, attrs: Conv2dAttrs): Tensor {
  const [oh, ow] = windows(attrs.image, attrs.kernel, attrs);
  return makeNode(forward, [x, w], [x.shape[0]!, oh, ow, w.shape[3]!], "float32", attrs);
}

/** The adjoint of `convolve` for a fixed kernel: an image of the outputs. */
export function conv2dInput(y: Tensor, w: Tensor, attrs: Conv2dAttrs): Tensor {
  return makeNode(
    inputOp,
    [y, w],
    [y.shape[0]!, ...attrs.image, w.shape[2]! * attrs.groups],
    "float32",
    attrs,
  );
}

function conv2dFilter(x: Tensor, y: Tensor, attrs: Conv2dAttrs): Tensor {
  return makeNode(
    filterOp,
    [x, y],
    [...attrs.kernel, x.shape[3]! / attrs.groups, y.shape[3]!],
    "float32",
    attrs,
  );
}
