import { expectClose, layerSuite, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  add,
  dense,
  gelu,
  layerFromJSON,
  layerNorm,
  multiHeadAttention,
  relu,
  sequential,
  transformerBlock,
} from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

layerSuite("transformerBlock", transformerBlock(4, 2, { dropout: 0.2 }), [3, 4], {
  run,
  fromJSON: layerFromJSON,
});
layerSuite(
  "transformerBlock, the norm last",
  transformerBlock(4, 2, { normFirst: false, hidden: 3, causal: true, activation: relu() }),
  [3, 4],
  { run, fromJSON: layerFromJSON },
);

test("its gradients are those of central differences", () => {
  gradcheck(transformerBlock(4, 2, { hidden: 3, rotary: 100 }), [3, 4], { tolerance: 1e-5 });
});

test("is attention and two dense layers, each added to its input", () => {
  const block = transformerBlock(4, 2, { hidden: 5 });
  const norm = layerNorm({ epsilon: 1e-5 });
  const written = sequential(
    add(sequential(), [norm, multiHeadAttention(2)]),
    add(sequential(), [norm, dense(5), gelu(), dense(4)]),
  );
  const x = wavy([2, 3, 4]);
  const { params = {} } = startOf(block, [3, 4]);
  const renamed = Object.fromEntries(
    Object.entries(params).map(([path, value]) => [
      path.replace(/^residual(.)\/body/, "add$1/branch2"),
      value,
    ]),
  );
  expectClose(run(block, { x, params }).y.data, run(written, { x, params: renamed }).y.data);
});

test("names what it expected", () => {
  expect(() => transformerBlock(4, 3).plan([3, 4])).toThrow(
    refusal(/expected a size that 3 heads divide, got 4/),
  );
  expect(() => transformerBlock(4, 2).plan([3, 6])).toThrow(
    refusal("transformerBlock: expected a sequence [places, 4], got [3, 6]"),
  );
  expect(() => transformerBlock(4, 2, { activation: gelu as never })).toThrow(
    refusal("transformerBlock: expected a layer as activation, got gelu, a function"),
  );
});
