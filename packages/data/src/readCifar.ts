import type { NDArray } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { checkBytes } from "./internal/check.js";

export interface CifarOptions {
  /** 10 for CIFAR-10, 100 for CIFAR-100. @defaultValue 10 */
  readonly classes?: 10 | 100;
}

export interface Cifar {
  /** `[n, 32, 32, 3]`, bytes from 0 to 255: red, green, blue. */
  readonly x: NDArray;
  /** `[n]`: the class of each image. */
  readonly y: NDArray;
  /** Of CIFAR-100, `[n]`: the superclass of each image, from 0 to 19. */
  readonly coarse?: NDArray;
}

const [side, channels] = [32, 3];
const area = side * side;

/**
 * Reads a file of the binary version of CIFAR-10 or CIFAR-100, unpacked, such as `data_batch_1.bin`
 * or `train.bin`.
 *
 * Each record is a label (of CIFAR-100 the superclass, then the class), then 1024 bytes of red, of
 * green and of blue. Several files: `concat` of their datasets. Throws where the length does not
 * fit, or a label is no class. Keras: `cifar10.load_data`; torchvision: `CIFAR10`.
 *
 * Krizhevsky (2009), Learning multiple layers of features from tiny images:
 * https://www.cs.toronto.edu/~kriz/cifar.html
 */
export function readCifar(bytes: Uint8Array, options: CifarOptions = {}): Cifar {
  const { classes = 10 } = known("readCifar", options, "classes");
  if (classes !== 10 && classes !== 100)
    throw badArgument("readCifar", "classes to be 10 or 100", shown(classes));
  checkBytes("readCifar", bytes);
  const labels = classes === 10 ? 1 : 2;
  const record = labels + channels * area;
  const n = bytes.length / record;
  if (n === 0 || !Number.isInteger(n))
    throw new Error(
      `readCifar: expected records of ${record} bytes, as CIFAR-${classes} has, got ${bytes.length} ` +
        `bytes; unpack the file, or say other classes`,
    );
  const x = new Uint8Array(n * channels * area);
  for (let image = 0; image < n; image++) {
    const from = image * record + labels;
    for (let i = 0; i < channels * area; i++)
      x[(image * area + (i % area)) * channels + Math.floor(i / area)] = bytes[from + i];
  }
  const labelsAt = (place: number, below: number): NDArray => {
    const data = Int32Array.from({ length: n }, (_, image) => bytes[image * record + place]);
    const wrong = data.findIndex((label) => label >= below);
    if (wrong >= 0)
      throw new Error(
        `readCifar: expected labels below ${below}, as CIFAR-${classes} has, got ${data[wrong]} at ${wrong}`,
      );
    return { shape: [n], dtype: "int32", data };
  };
  return {
    x: { shape: [n, side, side, channels], dtype: "int32", data: x },
    y: labelsAt(labels - 1, classes),
    ...(classes === 100 && { coarse: labelsAt(0, 20) }),
  };
}
