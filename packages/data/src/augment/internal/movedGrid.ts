import type { Places } from "../augmentation.js";
import { moveEach, type Move } from "./affine.js";

/**
 * A function that writes where the pixels of an image are after some moves, with the bits of moving
 * each place by one after the other.
 *
 * As long as matrices are diagonal, the row of a place depends on the pixel's row only, and its
 * column on the pixel's column: then a row of places is moved as one. The products of the first
 * other matrix are computed once for each row and each column, and added for each place.
 */
export function movedGrid(places: Places): (moves: readonly Move[]) => void {
  const { rows, columns, height, width } = places;
  // Two terms of a place's row and of its column: by the pixel's row, and by its column.
  const [rowByRow, columnByRow] = [new Float64Array(height), new Float64Array(height)];
  const [rowByColumn, columnByColumn] = [new Float64Array(width), new Float64Array(width)];
  const axes: Places = { height, width, rows: rowByRow, columns: columnByColumn };
  return (moves) => {
    for (let i = 0; i < height; i++) rowByRow[i] = i;
    for (let i = 0; i < width; i++) columnByColumn[i] = i;
    columnByRow.fill(0);
    rowByColumn.fill(0);
    let next = 0;
    for (; next < moves.length && moveAxes(axes, moves[next]); next++);
    let [y, x, up, left] = [0, 0, 0, 0];
    const first = moves[next];
    if (first && "matrix" in first) {
      const [a, b, c, d] = first.matrix;
      [y, x] = [(height - 1) / 2, (width - 1) / 2];
      for (let i = 0; i < height; i++) {
        const row = rowByRow[i] - y;
        rowByRow[i] = a * row;
        columnByRow[i] = c * row;
      }
      for (let i = 0; i < width; i++) {
        const column = columnByColumn[i] - x;
        rowByColumn[i] = b * column;
        columnByColumn[i] = d * column;
      }
      const second = moves[++next];
      if (second && !("matrix" in second)) {
        [up, left] = [second.up, second.left];
        next++;
      }
    }
    for (let line = 0, i = 0; line < height; line++) {
      const [row, column] = [rowByRow[line], columnByRow[line]];
      for (let k = 0; k < width; k++, i++) {
        rows[i] = row + rowByColumn[k] + y - up;
        columns[i] = column + columnByColumn[k] + x - left;
      }
    }
    for (; next < moves.length; next++) moveEach(places, moves[next]);
  };
}

/**
 * Moves the rows and columns of places where neither depends on the other; gives whether it is so.
 */
function moveAxes({ rows, columns, height, width }: Places, move: Move): boolean {
  if ("matrix" in move) {
    const [a, b, c, d] = move.matrix;
    if (b !== 0 || c !== 0) return false;
    const [y, x] = [(height - 1) / 2, (width - 1) / 2];
    for (let i = 0; i < height; i++) rows[i] = a * (rows[i] - y) + y;
    for (let i = 0; i < width; i++) columns[i] = d * (columns[i] - x) + x;
  } else {
    for (let i = 0; i < height; i++) rows[i] -= move.up;
    for (let i = 0; i < width; i++) columns[i] -= move.left;
  }
  return true;
}
