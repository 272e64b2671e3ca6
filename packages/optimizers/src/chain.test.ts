import { expect, test } from "vitest";
import {
  addDecayedWeights,
  adam,
  chain,
  masked,
  onArrays,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  trace,
} from "./index.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

const shapes = { w: [2] };
const names = (transform: ReturnType<typeof chain>): string[] =>
  Object.keys(transform.slots(shapes));

test("slots are named by transform, the second of a name is counted", () => {
  expect(
    names(chain(trace(), scaleByAdam(), scale(2), trace(), trace({ nesterov: true }))),
  ).toEqual(["trace/v", "scaleByAdam/m", "scaleByAdam/v", "trace#2/v", "trace#3/v"]);
});

test("a chain in a chain is equal to its transforms one after the other", () => {
  const flat = chain(trace(), scaleByAdam(), trace(), scaleByLearningRate(0.1), trace());
  const nested = chain(
    trace(),
    chain(scaleByAdam(), chain(trace(), scaleByLearningRate(0.1))),
    chain(trace()),
  );
  expect(names(nested)).toEqual(names(flat));
  const gradients = [
    [1, -2],
    [0.5, 3],
    [-1, 1],
  ];
  expect(updatesOf(nested, gradients)).toEqual(updatesOf(flat, gradients));
});

test("two transforms of one name have separate velocities", () => {
  const [first, second] = updatesOf(chain(trace({ decay: 0.5 }), trace({ decay: 0.5 })), [
    [1],
    [0],
  ]);
  expect([first, second]).toEqual([[1], [1]]); // 1, 0 → 1, ½ → 1, ½ + ½
});

test("position decides: decay before the rule is divided by it, after it is not", () => {
  const gradients = [[1e-3]];
  const start = [2];
  const rule = scaleByAdam({ eps: 1e-30 });
  expect(updatesOf(chain(addDecayedWeights(0.1), rule), gradients, start)[0]![0]).toBeCloseTo(
    1,
    12,
  );
  expect(updatesOf(chain(rule, addDecayedWeights(0.1)), gradients, start)[0]![0]).toBeCloseTo(
    1.2,
    12,
  );
});

test("an empty chain changes nothing, and is named chain", () => {
  expect(updatesOf(chain(), [[1, 2]])).toEqual([[1, 2]]);
  expect(chain().name).toBe("chain");
  expect(adam().name).toBe("adam");
});

test.each<[string, () => unknown, string]>([
  [
    "chain of a list",
    () => chain([adam()] as never),
    "chain: expected a transform, such as adam(), got a list; give them one by one",
  ],
  [
    "chain of a function",
    () => chain(adam as never),
    "chain: expected a transform, such as adam(), got adam, a function; call it",
  ],
  [
    "chain of options",
    () => chain({ learningRate: 1 } as never),
    "chain: expected a transform, such as adam(), got { learningRate: 1 }",
  ],
  [
    "chain of nothing",
    () => chain(undefined as never),
    "chain: expected a transform, such as adam(), got undefined",
  ],
  [
    "masked by options",
    () => masked(adam(), { only: "w" } as never),
    'masked: expected a function of path and shape, got { only: "w" }',
  ],
  [
    "masked options",
    () => masked({} as never, () => true),
    "masked: expected a transform, such as adam(), got {}",
  ],
  [
    "arrays of options",
    () => onArrays({ learningRate: 1 } as never, {}),
    "onArrays: expected a transform, such as adam(), got { learningRate: 1 }",
  ],
])("%s is refused", (_, call, message) => {
  expect(call).toThrow(message);
});
