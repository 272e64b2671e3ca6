import { expect, test } from "vitest";
import { addDecayedWeights, chain, decayFirst, fromage, sgd } from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

test("of a rule that does not read the parameters it is decay after it", () => {
  const gradient = ([w]: readonly number[]): number[] => [Math.sin(w!)];
  const first = path(decayFirst(sgd({ learningRate: 0.5 }), 0.1), gradient, [2], 4);
  const after = path(
    chain(
      sgd({ learningRate: 0.5 }),
      addDecayedWeights(() => -0.1),
    ),
    gradient,
    [2],
    4,
  );
  first.forEach(([w], i) => expect(w).toBeCloseTo(after[i]![0]!, 14));
});

test("a rule that reads them sees them smaller", () => {
  const step = (w: number): number => path(fromage(), () => [1], [w], 1)[0]![0]!;
  expect(path(decayFirst(fromage(), 0.5), () => [1], [4], 1)[0]![0]).toBeCloseTo(step(2), 14);
});
