import { strided, type Address } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { sizeOf } from "@tenon/tensor";
import { enoughWorkItems, workItemElements } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { keyOf, type Loop } from "../loop/loop.js";
import { blockColumns, eachColumns } from "../shared/columnBlocks.js";
import { kernelOf } from "../shared/kernelOf.js";
import { eachUnit } from "../shared/workItems.js";
import { imageItems } from "../shared/imageItems.js";
import { summaryColumns } from "./summaryColumns.js";

/** Elements of a work item: each costs less than one that is also stored. */
const itemElements = 2 * workItemElements;

/**
 * [4, … , columns]: mean, standard deviation, zeros and elements that are not finite of each column
 * of matrices [… , rows, columns] of an elementwise expression, all of whose inputs are contiguous.
 * Pointers: out, inputs. A work item is some blocks of columns of a matrix, or all of them where
 * there are many matrices. All shapes share the functions that do the work.
 */
export function summary(loop: Loop): Kernel {
  const { shape, inputs, body } = loop;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const parts = sizeOf(shape.slice(0, -2));
  const blocks = Math.ceil(columns / blockColumns);
  const hasMany = parts >= enoughWorkItems;
  const perItem = hasMany ? blocks : Math.ceil(itemElements / Math.max(1, rows * blockColumns));
  const count = parts * blocks;
  const kernel = kernelOf(
    {
      key: `summary ${keyOf(loop)}`,
      pointers: 1 + inputs.length,
      workItems: Math.ceil(count / perItem),
      flops: sizeOf(shape) * (4 + body.length),
    },
    (f, [out, ...reads], range, module) =>
      eachUnit(f, range, { perItem, count }, (unit) =>
        eachColumns(f, columns, unit, (part, column) => (first, vectors, single) => {
          const at = (array: Address, elements: number): Address =>
            strided(strided(array, part, 4 * elements), i32.add(column, first), 4);
          f.call(
            summaryColumns(module, loop, single ? 1 : 4 * vectors),
            at(out!, columns),
            4 * parts * columns,
            rows,
            4 * columns,
            ...reads.map((read) => at(read, rows * columns)),
          );
        }),
      ),
  );
  return {
    ...kernel,
    isSummary: true,
    splitByImages(images, elements) {
      const reads = [...inputs.keys()].map((i) => 1 + i);
      return hasMany && elements === sizeOf(shape)
        ? { ...kernel, ...imageItems(images, 1, reads, parts) }
        : undefined;
    },
  };
}
