import { i32, v128, type FunctionBuilder, type Local, type ModuleBuilder } from "../emit/index.js";
import { windows, type ConvSpec } from "./internal/geometry.js";
import { clear, padImage, type Frame } from "./internal/im2col.js";
import { packedPanels } from "./internal/panels.js";
import { multiplyAll, type Product } from "./internal/product.js";
import type { Epilogue } from "./internal/tile.js";
import { transformImage, transformKernel, transformOutputs } from "./internal/winogradTransforms.js";
import type { Kernel } from "./kernel.js";

type Address = Local<"i32">;

/** Whether a convolution is 3 × 3 at stride 1 and its channels fill vectors. */
export function winogradFits({ x, w, attrs: { strides, dilation, groups, padding } }: ConvSpec): boolean {
  const [, , c, o] = w as [number, number, number, number];
  return w[0] === 3 && w[1] === 3 && groups === 1 && [...strides, ...dilation].every((n) => n === 1) && padding.flat().every((n) => n <= 2) && c % 8 === 0 && o % 8 === 0 && x.every((n) => n > 0) && c > 0 && o > 0;
}

/** A convolution as tiles see it: `flipped` reads the kernel back to front and with its channels and outputs exchanged. */
interface Tiling {
  readonly name: string;
  readonly images: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Zeros above and to the left of the image. */
  readonly before: readonly [number, number];
  readonly channels: number;
  readonly outputs: number;
  readonly flipped: boolean;
  readonly epilogue: Epilogue | undefined;
}

/**
 * A 3 × 3 convolution at stride 1 with a quarter of the multiplications: F(4 × 4, 3 × 3). Pointers: y, x, w.
 *
 * Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for tiles of 4 × 4 outputs, where ⊙ is, for each of 36 places, a matrix product over channels.
 * Rounding errors are a few times those of the plain sum, and one cell that is not finite spoils its whole tile.
 * Lavin & Gray (2016), Fast algorithms for convolutional neural networks. arXiv:1509.09308
 */
export function winograd({ x, w, attrs, epilogue }: ConvSpec & { readonly epilogue?: Epilogue }): Kernel {
  return tiled({
    name: "winograd", images: x[0]!, from: attrs.image, to: windows(attrs.image, attrs.kernel, attrs), before: [attrs.padding[0][0], attrs.padding[1][0]],
    channels: w[2]!, outputs: w[3]!, flipped: false, epilogue,
  });
}

/** What the image of such a convolution gets from its output's slope g: the convolution of g with the kernel turned round. Pointers: the image's slope, g, w. */
export function winogradInput({ x, w, attrs }: ConvSpec): Kernel {
  return tiled({
    name: "winogradInput", images: x[0]!, from: windows(attrs.image, attrs.kernel, attrs), to: attrs.image, before: [2 - attrs.padding[0][0], 2 - attrs.padding[1][0]],
    channels: w[3]!, outputs: w[2]!, flipped: true, epilogue: undefined,
  });
}

/** Transformed tiles and their products stay in the second cache. */
const cacheBytes = 512 * 1024, enoughPieces = 16;

function tiled(spec: Tiling): Kernel {
  const { name, images, from, to, before, channels, outputs, flipped, epilogue } = spec;
  const key = `${name}/${[[images], from, to, before, [channels, outputs]].map((list) => list.join("x")).join("/")}${epilogue ? `/${epilogue.key}` : ""}`;
  const tiles = [Math.ceil(to[0] / 4), Math.ceil(to[1] / 4)] as const;
  const reach = [4 * tiles[0] + 2, 4 * tiles[1] + 2] as const;
  const frame: Frame = { key: `${from.join("x")}/${reach.join("x")}/${before.join("x")}/${channels}`, image: from, reach, before, c: channels };
  const padded = before.some((n) => n > 0) || reach[0] > from[0] || reach[1] > from[1];
  const line = 4 * channels * (padded ? reach[1] : from[1]);

  // A piece is some rows of tiles, of one image or of several.
  const lines = images * tiles[0];
  const fit = Math.floor(cacheBytes / (36 * 4 * (channels + outputs) * tiles[1]));
  const perPiece = Math.max(1, Math.min(fit, Math.ceil(lines / enoughPieces)));
  const pieces = Math.ceil(lines / perPiece), last = lines - (pieces - 1) * perPiece;
  const panels = packedPanels(outputs, channels);
  const imagePlane = 4 * channels * perPiece * tiles[1], outputPlane = 4 * outputs * perPiece * tiles[1], kernelPlane = 4 * channels * outputs;
  const product: Product = { panels, aRow: 4 * channels, aStep: 4, cRow: 4 * outputs, rows: [perPiece * tiles[1], last * tiles[1]], packA: false, accumulate: false, epilogue: undefined };
  const paddedBytes = padded ? reach[0] * line : 0;

  return {
    key, pointers: 3, pieces,
    flops: 2 * images * 36 * tiles[0] * tiles[1] * channels * outputs,
    scratch: 36 * (kernelPlane + imagePlane + outputPlane) + paddedBytes,
    emit: (module) => module.once(key, () => {
      const lookAt = transformImage(module, channels, line, imagePlane);
      return module.func(key, ["i32", "i32", "i32", "i32", "i32", "i32"], (f, ...params) => {
        const [y, x, w, u, begin, end] = params as [Address, Address, Address, Address, Address, Address];
        const v = f.local("i32", i32.add(u, 36 * kernelPlane)), m = f.local("i32", i32.add(v, 36 * imagePlane)), copy = f.local("i32", i32.add(m, 36 * outputPlane));
        const piece = f.local("i32"), at = f.local("i32"), until = f.local("i32"), image = f.local("i32"), known = f.local("i32", i32.const(-1)), row = f.local("i32");
        const source = f.local("i32"), target = f.local("i32"), tile = f.local("i32"), place = f.local("i32");

        transformKernels(module, f, { channels, outputs, flipped, plane: kernelPlane }, u, w);
        if (padded) f.call(clear(module, paddedBytes / 4), copy);

        /** Visits the tiles of rows [at, until), one after the other. */
        const eachLine = (visit: () => void): void => {
          f.set(at, i32.mul(piece, perPiece));
          f.loop(at, at, until, 1, () => {
            f.set(image, i32.divU(at, tiles[0]));
            f.set(row, i32.remU(at, tiles[0]));
            visit();
          });
        };
        f.loop(piece, begin, end, 1, () => {
          f.set(until, i32.mul(i32.add(piece, 1), perPiece));
          f.set(until, i32.select(i32.ltS(until, lines), until, i32.const(lines)));

          f.set(target, v);
          eachLine(() => {
            f.set(source, i32.add(x, i32.mul(image, 4 * from[0] * from[1] * channels)));
            if (padded) {
              f.if(i32.ne(image, known), () => f.call(padImage(module, frame), copy, source));
              f.set(known, image);
              f.set(source, copy);
            }
            f.bump(source, i32.mul(row, 4 * line));
            f.loop(tile, 0, tiles[1], 1, () => {
              f.call(lookAt, target, source);
              f.bump(target, 4 * channels);
              f.bump(source, 16 * channels);
            });
          });

          f.loop(place, 0, 36, 1, () => multiplyAll(module, f, product, {
            c: i32.add(m, i32.mul(place, outputPlane)), a: i32.add(v, i32.mul(place, imagePlane)), b: i32.add(u, i32.mul(place, kernelPlane)),
            rows: i32.mul(i32.sub(until, i32.mul(piece, perPiece)), tiles[1]),
          }));

          f.set(source, m);
          eachLine(() => {
            f.set(target, i32.add(y, i32.mul(i32.add(i32.mul(image, to[0]), i32.mul(row, 4)), 4 * to[1] * outputs)));
            const tilesOfRow = (rows: number): void => {
              const write = (columns: number): void => f.call(transformOutputs(module, outputs, 4 * to[1] * outputs, outputPlane, rows, columns, epilogue), target, source);
              f.loop(tile, 0, tiles[1] - 1, 1, () => {
                write(4);
                f.bump(target, 16 * outputs);
                f.bump(source, 4 * outputs);
              });
              write(to[1] - 4 * (tiles[1] - 1));
              f.bump(source, 4 * outputs);
            };
            const lowest = to[0] - 4 * (tiles[0] - 1);
            if (lowest === 4) tilesOfRow(4);
            else f.if(i32.eq(row, tiles[0] - 1), () => tilesOfRow(lowest), () => tilesOfRow(4));
          });
        });
      });
    }),
  };
}

/** All of a kernel's transforms, laid out as the panels that products read. */
function transformKernels(module: ModuleBuilder, f: FunctionBuilder, { channels, outputs, flipped, plane }: { channels: number; outputs: number; flipped: boolean; plane: number }, to: Address, w: Address): void {
  // As given, w[row, column, channel, output]; turned round, w[2 − row, 2 − column, output, channel].
  const one = flipped
    ? transformKernel(module, `flipped/${channels}x${outputs}`, (from, row, column) => {
      const at = (8 - 3 * row - column) * 4 * channels * outputs;
      return [1, 2, 3].reduce((lanes, lane) => v128.loadLane(from, lane, lanes, at + 4 * channels * lane), v128.loadZero(from, at));
    }, plane)
    : transformKernel(module, `${channels}x${outputs}`, (from, row, column) => v128.load(from, (3 * row + column) * 4 * channels * outputs), plane);
  const channel = f.local("i32"), output = f.local("i32");
  f.loop(channel, 0, channels, 1, () => f.loop(output, 0, outputs, 4, () => f.call(one,
    // Panels of 8 outputs, channel after channel.
    i32.add(to, i32.add(i32.mul(i32.shrU(output, 3), 32 * channels), i32.add(i32.mul(channel, 32), i32.mul(i32.and(output, 4), 4)))),
    i32.add(w, i32.mul(flipped ? i32.add(i32.mul(output, channels), channel) : i32.add(i32.mul(channel, outputs), output), 4)))));
}
