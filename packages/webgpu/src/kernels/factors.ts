import type { ConvSpec, GemmSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import type { Factor, ProductSpec } from "./product.js";

// Matrix products and convolutions as sums of products: how the elements of both factors are found.

/** C = A B, with A as [m, k] or [k, m] and B as [k, n] or [n, k]. */
export function matrixProduct(spec: GemmSpec): ProductSpec {
  const { m, n, k, batch = 1, transposeA, transposeB } = spec;
  const matrix = (size: number, isTransposed: boolean): Factor => ({
    alongK: !isTransposed,
    ofRow: `return vec3u(b * ${size * k}u + ${isTransposed ? "i" : `i * ${k}u`}, 0u, 0u);`,
    ofK: `return vec3u(${isTransposed ? `k * ${size}u` : "k"}, 0u, 0u);`,
    element: ({ load }) => `return ${load("row.x + k.x")};`,
  });
  return {
    name: "product",
    ...{ batch, m, n, k },
    a: matrix(m, transposeA),
    b: matrix(n, !transposeB),
    rowStride: n,
    batchStride: m * n,
  };
}

/** The sizes of a convolution, as its code needs them. */
interface Geometry {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
  readonly groups: number;
  /** Channels and outputs of all groups, and of one. */
  readonly channels: number;
  readonly outputs: number;
  readonly groupChannels: number;
  readonly groupOutputs: number;
  readonly window: readonly [number, number];
  readonly attrs: ConvSpec["attrs"];
}

function geometryOf({ x, w, attrs }: ConvSpec): Geometry {
  const [images, height, width, channels] = x as readonly [number, number, number, number];
  const [windowRows, windowColumns, groupChannels, outputs] = w as readonly [
    number,
    number,
    number,
    number,
  ];
  const window = [windowRows, windowColumns] as const;
  const [rows, columns] = windows([height, width], [...window], attrs);
  const { groups } = attrs;
  const groupOutputs = outputs / groups;
  return {
    ...{ images, height, width, rows, columns, groups, channels, outputs },
    ...{ groupChannels, groupOutputs, window, attrs },
  };
}

/**
 * The image under windows: the first cell of a window and the cell within it are added; outside the
 * image there are zeros. A place is (row, column, all that is added to the element's position).
 */
function imageFactor(g: Geometry, windowIs: "i" | "k"): Factor {
  const { strides, dilation, padding } = g.attrs;
  const isPadded = padding.flat().some((n) => n > 0);
  const [tap, place] = windowIs === "i" ? ["k", "i"] : ["i", "k"];
  const ofWindow = `let window = ${place} % ${g.rows * g.columns}u;
let image = ${place} / ${g.rows * g.columns}u;
let y = (window / ${g.columns}u) * ${strides[0]}u - ${padding[0][0]}u;
let x = (window % ${g.columns}u) * ${strides[1]}u - ${padding[1][0]}u;
let at = ((image * ${g.height}u + y) * ${g.width}u + x) * ${g.channels}u;
return vec3u(y, x, at);`;
  const ofTap = `let channel = ${tap} % ${g.groupChannels}u;
let cell = ${tap} / ${g.groupChannels}u;
let y = (cell / ${g.window[1]}u) * ${dilation[0]}u;
let x = (cell % ${g.window[1]}u) * ${dilation[1]}u;
let at = (y * ${g.width}u + x) * ${g.channels}u + b * ${g.groupChannels}u + channel;
return vec3u(y, x, at);`;
  return {
    alongK: windowIs === "i",
    ofRow: windowIs === "i" ? ofWindow : ofTap,
    ofK: windowIs === "i" ? ofTap : ofWindow,
    element: ({ load }) =>
      isPadded
        ? `let isInside = row.x + k.x < ${g.height}u && row.y + k.y < ${g.width}u;
return select(0.0f, ${load("row.z + k.z")}, isInside);`
        : `return ${load("row.z + k.z")};`,
  };
}

/** The filter, or the gradient of the output, as rows of outputs. */
const outputsFactor = (g: Geometry): Factor => ({
  alongK: false,
  ofRow: `return vec3u(b * ${g.groupOutputs}u + i, 0u, 0u);`,
  ofK: `return vec3u(k * ${g.outputs}u, 0u, 0u);`,
  element: ({ load }) => `return ${load("row.x + k.x")};`,
});

/** y = x ∗ w: a row for each window, a column for each output of a group. */
export function convolutionProduct(spec: ConvSpec): ProductSpec {
  const g = geometryOf(spec);
  return {
    name: "convolution",
    batch: g.groups,
    m: g.images * g.rows * g.columns,
    n: g.groupOutputs,
    k: g.window[0] * g.window[1] * g.groupChannels,
    a: imageFactor(g, "i"),
    b: outputsFactor(g),
    rowStride: g.outputs,
    batchStride: g.groupOutputs,
  };
}

/** dw: a row for each cell and channel of the filter; the sum is over all windows of all images. */
export function filterGradientProduct(spec: ConvSpec): ProductSpec {
  const g = geometryOf(spec);
  return {
    name: "convolution's filter",
    batch: g.groups,
    m: g.window[0] * g.window[1] * g.groupChannels,
    n: g.groupOutputs,
    k: g.images * g.rows * g.columns,
    a: imageFactor(g, "k"),
    b: outputsFactor(g),
    rowStride: g.outputs,
    batchStride: g.groupOutputs,
  };
}

/** dx: a row for each cell of the images; the sum is over the windows that cover it. */
export function inputGradientProduct(spec: ConvSpec): ProductSpec {
  const g = geometryOf(spec);
  const { strides, dilation, padding } = g.attrs;
  const isStrided = strides.some((step) => step > 1);
  const tests = [
    `y < ${g.rows * strides[0]}u`,
    `x < ${g.columns * strides[1]}u`,
    ...(isStrided ? [`y % ${strides[0]}u == 0u`, `x % ${strides[1]}u == 0u`] : []),
  ];
  const ofTap = (at: string): string => `let output = k % ${g.groupOutputs}u;
let cell = k / ${g.groupOutputs}u;
${at}`;
  return {
    name: "convolution's input",
    batch: g.groups,
    m: g.images * g.height * g.width,
    n: g.groupChannels,
    k: g.window[0] * g.window[1] * g.groupOutputs,
    a: {
      alongK: true,
      ofRow: `let place = i % ${g.height * g.width}u;
let image = i / ${g.height * g.width}u;
let at = image * ${g.rows * g.columns * g.outputs}u + b * ${g.groupOutputs}u;
return vec3u(place / ${g.width}u + ${padding[0][0]}u, place % ${g.width}u + ${padding[1][0]}u, at);`,
      ofK: ofTap(
        `return vec3u((cell / ${g.window[1]}u) * ${dilation[0]}u, (cell % ${g.window[1]}u) * ${dilation[1]}u, output);`,
      ),
      element: ({ load }) => `let y = row.x - k.x;
let x = row.y - k.y;
let isInside = ${tests.join(" && ")};
let at = row.z + ((y / ${strides[0]}u) * ${g.columns}u + x / ${strides[1]}u) * ${g.outputs}u + k.z;
return select(0.0f, ${load("at")}, isInside);`,
    },
    b: {
      alongK: true,
      ofRow: `return vec3u(i * ${g.outputs}u + b * ${g.groupOutputs}u, 0u, 0u);`,
      ofK: ofTap(`return vec3u(cell * ${g.groupChannels * g.outputs}u + output, 0u, 0u);`),
      element: ({ load }) => `return ${load("row.x + k.x")};`,
    },
    rowStride: g.channels,
    batchStride: g.groupChannels,
  };
}
