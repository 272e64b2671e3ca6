import { noOptions } from "@tenon/guards";
import { checkShape } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { arange } from "./leaf.js";

/**
 * Ones on the diagonal of zeros, [rows, columns] float32: the identity matrix, if it is square.
 *
 * @param columns @defaultValue as many as rows
 */
export function eye(rows: number, columns: number = rows): Tensor {
  noOptions("eye", arguments[2]);
  checkShape("eye", [rows, columns]);
  return arange(rows).expandDims(-1).equal(arange(columns)).cast("float32");
}
