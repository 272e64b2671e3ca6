import { expect, test } from "vitest";
import { cellsDomain, cellsOf } from "./cells.js";

test("cells are lit or faint, the first row at the top", () => {
  const [faint, lit] = cellsOf({ arm: "a", column: "1" }, [2, 3], (row, column) => row < column);
  expect(lit).toEqual({
    ...{ arm: "a", kind: "cells", column: "1" },
    points: [
      { x: 1, y: 1 },
      { x: 2, y: 1 },
      { x: 2, y: 0 },
    ],
  });
  expect(faint).toMatchObject({ isFaint: true, column: "1" });
  expect(faint!.points).toHaveLength(3);
  expect(cellsDomain(3)).toEqual([-0.5, 2.5]);
});
