import { i32, strided, type I32, type Local } from "@tenon/emit";
import { byParts } from "../../reduce/byParts.js";
import type { ConvSpec } from "../geometry.js";
import { clear, cropImage } from "../im2col/im2col.js";
import { packedPanels } from "../../gemm/panels.js";
import { multiplyAll, type Product } from "../../gemm/product.js";
import { sumParts } from "../../reduce/sumParts.js";
import { gradientsToPoints, imagesToPoints, pointsToImage, type Pass } from "./passes.js";
import { kernelPointBytes, transformKernels, transformKernelsBack } from "./kernelTransforms.js";
import {
  pointersFrom,
  productsOf,
  tileGrid,
  tileScratch,
  tilesOfClasses,
  tilesOfPoint,
  type TileGrid,
} from "./tileGrid.js";
import { partsOf, pointGradients, turnSizes, winogradFilterPays } from "./winogradFilter.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";

/**
 * Whether both gradients of a convolution are computed together: where `winogradFilter` pays and
 * whole images stay in L2.
 */
export function winogradBackFits(spec: ConvSpec): boolean {
  return winogradFilterPays(spec) && tileGrid(spec).whole;
}

/**
 * Both gradients of a `winograd` convolution: dM is computed once for the two, and dV overwrites V.
 * Operands: 0 dx, 1 dw, 2 dy, 3 w, 4 x.
 */
export function winogradBack(spec: ConvSpec): Stages {
  const grid = tileGrid(spec);
  const parts = partsOf(grid);
  const sumBytes = 36 * kernelPointBytes(grid);
  const kernels = transformKernels(grid, true);
  const back = transformKernelsBack(grid);
  const [u, du, sum] = [5, 6, parts > 1 ? 7 : 6];
  return {
    temporaries: [sumBytes, parts * sumBytes, ...(parts > 1 ? [sumBytes] : [])],
    stages: [
      { kernel: kernels, operands: [u, 3] },
      { kernel: bothGradients(grid, parts), operands: [0, du, 2, u, 4] },
      ...(parts > 1 ? [{ kernel: sumParts(parts, sumBytes / 4), operands: [sum, du] }] : []),
      { kernel: back, operands: [1, sum] },
    ],
  };
}

/**
 * Pointers: dx, dU [parts, 36, channels, outputs], dy, U, x. A work item is a part of the batch.
 */
function bothGradients(grid: TileGrid, parts: number): Kernel {
  const { images, rows } = grid;
  const key = `winogradBack/${grid.key}/${parts}`;
  const sizes = [Math.floor(images / parts), Math.ceil(images / parts)];
  const fitting = Math.max(1, Math.floor(grid.rowsAtOnce / rows));
  const imagesAtOnce = Math.min(fitting, sizes[1]!);
  const turns = { parts, imagesAtOnce, counts: turnSizes(sizes, imagesAtOnce) };
  return kernelOf(
    {
      key,
      pointers: 5,
      workItems: parts,
      ...byParts(images, parts, 1, [0, 2, 4]),
      flops: 4 * productsOf(grid, grid.allRows),
      scratch: tileScratch(grid, imagesAtOnce * rows).bytes,
    },
    bothGradientsBody(grid, turns),
  );
}

interface Turns {
  readonly parts: number;
  /** Images of a turn, and the numbers of them that occur. */
  readonly imagesAtOnce: number;
  readonly counts: readonly number[];
}

function bothGradientsBody(grid: TileGrid, turns: Turns): KernelBody<5> {
  return (f, [dx, du, dy, u, x], { begin, end }, module, v) => {
    const { parts, imagesAtOnce } = turns;
    const { vStride, mStride } = tileScratch(grid, imagesAtOnce * grid.rows);
    const m = f.let(i32.add(v, 36 * vStride));
    const copy = { address: f.let(i32.add(m, 36 * mStride)), image: f.local("i32") };
    const adds = f.local("i32");
    const firstImage = (part: I32): I32 => i32.divU(i32.mul(part, grid.images), parts);
    f.for(begin, end, 1, (part) => {
      f.set(adds, 0);
      const last = f.let(firstImage(i32.add(part, 1)));
      f.for(firstImage(part), last, imagesAtOnce, (image) => {
        const next = f.let(i32.min(i32.add(image, imagesAtOnce), last));
        const rows = {
          first: f.let(i32.mul(image, grid.rows)),
          end: f.let(i32.mul(next, grid.rows)),
        };
        if (grid.padded) {
          f.call(clear(module, grid.paddedBytes / 4), copy.address);
          f.set(copy.image, -1);
        }
        const images: Pass = { module, f, grid, pointStride: vStride, rows };
        imagesToPoints(images, { v, x, copy });
        gradientsToPoints({ ...images, pointStride: mStride }, { m, dy });
        multiplyPoints(images, turns, {
          part,
          images: i32.sub(next, image),
          adds,
          du,
          u,
          v,
          m,
          mStride,
        });
        f.set(adds, 1);
        addToImages(images, { image, next, dx, v, copy: copy.address });
      });
    });
  };
}

interface PointOperands {
  readonly part: I32;
  /** The number of images. */
  readonly images: I32;
  readonly adds: I32;
  readonly du: Local<"address">;
  readonly u: Local<"address">;
  readonly v: Local<"address">;
  readonly m: Local<"address">;
  readonly mStride: number;
}

/** Emits dU ← dU + Vᵀ dM and then dV = dM Uᵀ, in the place of V, at each of 36 points. */
function multiplyPoints(
  { module, f, grid, pointStride, rows }: Pass,
  { counts }: Turns,
  { part, images, adds, du, u, v, m, mStride }: PointOperands,
): void {
  const product: Product = {
    panels: packedPanels(grid.channels, grid.outputs, module.features),
    aRowStride: 4 * grid.outputs,
    aStride: 4,
    cRowStride: 4 * grid.channels,
    rows: counts.flatMap((count) =>
      tilesOfClasses(grid, count * grid.rows).map(({ tiles }) => tiles),
    ),
    packA: false,
    accumulate: "overwrite",
  };
  f.for(0, 36, 1, (point) => {
    const vPoint = f.let(strided(v, point, pointStride));
    const mPoint = f.let(strided(m, point, mStride));
    const pointOfPart = i32.add(i32.mul(part, 36), point);
    const to = f.let(strided(du, pointOfPart, kernelPointBytes(grid)));
    for (const count of counts)
      f.if(i32.eq(images, count), () =>
        pointGradients(module, f, grid, {
          tileRows: count * grid.rows,
          point,
          adds,
          du: to,
          v: vPoint,
          m: mPoint,
        }),
      );
    multiplyAll(module, f, product, {
      c: vPoint,
      a: mPoint,
      b: strided(u, point, kernelPointBytes(grid)),
      rows: tilesOfPoint(f, grid, point, rows),
    });
  });
}

interface ImageOperands {
  /** Images [image, next). */
  readonly image: I32;
  readonly next: I32;
  readonly dx: Local<"address">;
  readonly v: Local<"address">;
  /** Scratch for a padded image. */
  readonly copy: Local<"address">;
}

/** Emits dx = B dV Bᵀ for some images. */
function addToImages(pass: Pass, { image, next, dx, v, copy }: ImageOperands): void {
  const { module, f, grid } = pass;
  const pointers = pointersFrom(f, v);
  f.for(image, next, 1, (index) => {
    const to = f.let(strided(dx, index, grid.imageBytes));
    const target = f.let(grid.padded ? copy : to);
    f.call(clear(module, (grid.padded ? grid.paddedBytes : grid.imageBytes) / 4), target);
    if (grid.padded) f.call(clear(module, grid.imageBytes / 4), to);
    const first = f.let(i32.mul(index, grid.rows));
    const rows = { first, end: f.let(i32.add(first, grid.rows)) };
    pointsToImage({ ...pass, rows }, { image: target, pointers });
    if (grid.padded) f.call(cropImage(module, grid.frame), copy, to);
  });
}
