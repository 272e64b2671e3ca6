import type { Batch, NDArray } from "@tenon/contracts";
import { toUnit, type Scaling } from "@tenon/data";
import type { IdxFolder, IdxPart } from "@tenon/data/node";
import { fail } from "@tenon/terminal";

/** Images and labels in the form that the network takes. */
export interface Arranged {
  readonly train: Batch;
  readonly test: Batch;
  /** Units of the images; none where they are in [0, 1] already. */
  readonly scale: Scaling | undefined;
  /** Labels are from 0 to below this. */
  readonly classes: number;
  /** The assumptions that were made about the files. */
  readonly notes: readonly string[];
}

/** With more classes than this the file holds something else than labels. */
const mostClasses = 1000;

/**
 * Converts the arrays of a folder to the form that the network takes: images [count, rows, columns]
 * and whole labels [count]. Unambiguous variants are converted and noted; for anything else the
 * error names the file, what was expected and the remedy.
 */
export function arranged({ train, test }: IdxFolder, where: string): Arranged {
  const notes: string[] = [];
  const parts = [train, test].map((part, i) => {
    const name = i === 0 ? "training" : "test";
    return { part, x: images(part, name, notes), y: labels(part, name, notes) };
  });
  const [trainSize, testSize] = [parts[0]!.x, parts[1]!.x].map(({ shape }) =>
    shape.slice(1).join("×"),
  );
  if (trainSize !== testSize)
    fail(
      `expected images of one size in ${where}, got ${trainSize} to train on and ${testSize} to ` +
        "test on",
    );

  const highs = parts.map(({ x, part }) => highest(x, part.files.x));
  const most = Math.max(...highs);
  const inUnit = most > 0 && most <= 1;
  // Images that are all 0 are in either range.
  const unlike = highs.findIndex((value) => value > 0 && value <= 1);
  if (!inUnit && unlike >= 0) {
    const [unit, bytes] = unlike === 0 ? [train, test] : [test, train];
    fail(
      `expected pixels of one range in ${where}, got values above 1 in ${bytes.files.x} ` +
        `and none in ${unit.files.x}; write both files in the same way`,
    );
  }
  const all = parts.map(({ y }) => labelRange(y));
  const low = Math.min(...all.map((range) => range.low));
  const high = Math.max(...all.map((range) => range.high));
  if (inUnit)
    notes.push(`the pixels in ${where} are from 0 to 1 already: they are taken as they are`);
  if (low > 0)
    notes.push(
      `the labels in ${where} are from ${low} to ${high}: the network has an output for ` +
        "0 too, which is never right",
    );
  const [trained, tested] = parts.map(({ x, y }): Batch => ({ x: inUnit ? asFloats(x) : x, y }));
  // Ten even where some digits are missing: the network is the same.
  return {
    train: trained!,
    test: tested!,
    scale: inUnit ? undefined : toUnit(),
    classes: Math.max(10, high + 1),
    notes,
  };
}

function images({ x, files }: IdxPart, name: string, notes: string[]): NDArray {
  const { shape } = x;
  const flat = withoutOnes(shape, 3);
  const said =
    `expected ${name} images [count, rows, columns] in ${files.x}, got ` + `[${shape.join(", ")}]`;
  if (flat.length === 1) fail(`${said}; are these labels?`);
  if (flat.length === 2) fail(`${said}; give each image its rows and columns`);
  if (flat.length > 3) fail(`${said}; store shades of grey, one value for each pixel`);
  if (flat.includes(0)) fail(`${said}; there must be at least one`);
  if (flat.length < shape.length)
    notes.push(`${files.x} has shape [${shape.join(", ")}]: it is taken as [${flat.join(", ")}]`);
  return { ...x, shape: flat };
}

function labels({ y, files }: IdxPart, name: string, notes: string[]): NDArray {
  const flat = withoutOnes(y.shape, 1);
  if (flat.length > 1) {
    const hint =
      flat.length === 2
        ? "a row for each looks like one-hot: store the number of the class instead"
        : "are these images?";
    fail(`expected ${name} labels [count] in ${files.y}, got [${y.shape.join(", ")}]; ${hint}`);
  }
  if (flat.length < y.shape.length)
    notes.push(`${files.y} has shape [${y.shape.join(", ")}]: it is taken as [${flat.join(", ")}]`);
  const values = y.data as Float64Array;
  const wrong = values.findIndex(
    (label) => !(Number.isInteger(label) && label >= 0 && label < mostClasses),
  );
  if (wrong >= 0) {
    fail(
      `expected ${name} labels that are whole numbers from 0 to ${mostClasses - 1} in ` +
        `${files.y}, got ${values[wrong]} at ${wrong}; number the classes from 0`,
    );
  }
  if (y.dtype === "float32")
    notes.push(`${files.y} holds floats, all of them whole: they are taken as labels`);
  return {
    shape: flat,
    dtype: "int32",
    data: y.dtype === "float32" ? Int32Array.from(values) : y.data,
  };
}

/** A shape without axes of 1 at its end, as long as it has more axes than required. */
function withoutOnes(shape: readonly number[], least: number): readonly number[] {
  let { length } = shape;
  while (length > least && shape[length - 1] === 1) length--;
  return shape.slice(0, length);
}

/**
 * The largest pixel; for bytes, the first that is more than 1 is enough.
 */
function highest({ data }: NDArray, file: string): number {
  const values = data as Float64Array;
  const bytes = data[Symbol.toStringTag] === "Uint8Array";
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value <= 255)) {
      const remedy = Number.isFinite(value)
        ? "bring them into one of these ranges"
        : "mend or leave out that image";
      fail(
        `expected pixels from 0 to 255, or from 0 to 1, in ${file}, got ${value} at ` +
          `${i}; ${remedy}`,
      );
    }
    if (value > high) high = value;
    if (bytes && high > 1) break;
  }
  return high;
}

function labelRange({ data }: NDArray): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = 0;
  for (const label of data as Float64Array) {
    if (label < low) low = label;
    if (label > high) high = label;
  }
  return { low, high };
}

const asFloats = (array: NDArray): NDArray => ({
  ...array,
  dtype: "float32",
  data:
    array.data[Symbol.toStringTag] === "Float32Array" ? array.data : Float32Array.from(array.data),
});
