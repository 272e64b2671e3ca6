import { i32, type FunctionBuilder, type Local, type ModuleBuilder } from "@tenon/emit";
import { padImage } from "../im2col/im2col.js";
import { eachLine, eachTile, placesAt, type Tiles } from "./winogradTiles.js";
import { addToImage, transformImage, transformGradients } from "./winogradTransforms.js";

type Address = Local<"i32">;

/** Rows of tiles, from `first` up to but not including `until`. */
export interface Lines {
  readonly first: Address;
  readonly until: Address;
}

/** V = Bᵀ d B for all tiles of some lines. `known` says of which image the padded `copy` is. */
export function imagesToPlanes(
  module: ModuleBuilder,
  f: FunctionBuilder,
  t: Tiles,
  plane: number,
  { first, until }: Lines,
  v: Address,
  x: Address,
  copy: Address,
  known: Address,
): void {
  const source = f.local("i32");
  const places = placesAt(f, v);
  eachLine(f, t, first, until, (image, row) => {
    f.set(source, i32.add(x, i32.mul(image, t.imageBytes)));
    if (t.padded) {
      f.if(i32.ne(image, known), () => f.call(padImage(module, t.frame), copy, source));
      f.set(known, image);
      f.set(source, copy);
    }
    f.bump(source, i32.mul(row, 4 * t.line));
    eachTile(f, t, row, places, 4 * t.channels, [[source, 16 * t.channels]], ({ size, places }) =>
      f.call(
        transformImage(module, t.channels, { size, kinds: t.kinds, plane, line: t.line }),
        ...places,
        source,
      ),
    );
  });
}

/** dM = A g Aᵀ for all tiles of some lines. */
export function gradientsToPlanes(
  module: ModuleBuilder,
  f: FunctionBuilder,
  t: Tiles,
  plane: number,
  { first, until }: Lines,
  m: Address,
  dy: Address,
): void {
  const { outputs, output } = t;
  const source = f.local("i32");
  const places = placesAt(f, m);
  const line = 4 * output[1] * outputs;
  eachLine(f, t, first, until, (image, row) => {
    f.set(source, i32.add(dy, i32.mul(i32.add(i32.mul(image, output[0]), i32.mul(row, 4)), line)));
    eachTile(f, t, row, places, 4 * outputs, [[source, 16 * outputs]], ({ size, within, places }) =>
      f.call(
        transformGradients(module, outputs, { size, kinds: t.kinds, plane, line }, within),
        ...places,
        source,
      ),
    );
  });
}

/**
 * dx += B dV Bᵀ for all tiles of some lines of one image, which begins at `whole`; its first
 * numbers lie at `places`, which move along.
 */
export function planesToImage(
  module: ModuleBuilder,
  f: FunctionBuilder,
  t: Tiles,
  plane: number,
  { first, until }: Lines,
  whole: Address,
  places: readonly Address[],
): void {
  const target = f.local("i32");
  eachLine(f, t, first, until, (_, row) => {
    f.set(target, i32.add(whole, i32.mul(row, 4 * t.line)));
    eachTile(f, t, row, places, 4 * t.channels, [[target, 16 * t.channels]], ({ size, places }) =>
      f.call(
        addToImage(module, t.channels, { size, kinds: t.kinds, plane, line: t.line }),
        ...places,
        target,
      ),
    );
  });
}
