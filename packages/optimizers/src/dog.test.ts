import type { Transform } from "@tenon/contracts";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { dog, dowg } from "./index.js";
import { eager } from "./internal/testing/eager.js";

/** After six steps, as run with optax 0.2.8 on jax 0.7.2 in float64. */
const cases: readonly [string, Transform, readonly number[]][] = [
  [
    "dog(0.5, ('heuristic', 0.1))",
    dog({ learningRate: 0.5, start: 0.1 }),
    [
      0.9475575726767815, -0.5202540283318011, 0.28247358468424305, 1.8094487237521326,
      -1.029905302568279, 0.2356441958939102,
    ],
  ],
  [
    "dog()",
    dog(),
    [
      0.9999996460256496, -0.5000001150580755, 0.29999959680195104, 1.9999953659590195,
      -0.9999998346043276, 0.25000041750885216,
    ],
  ],
  [
    "dowg(0.5, 0.04)",
    dowg({ learningRate: 0.5, start: 0.2 }),
    [
      0.9703021504337601, -0.5114689263646798, 0.290072202087902, 1.8920691751064296,
      -1.0169333987680147, 0.24187291728636118,
    ],
  ],
  [
    "dowg()",
    dowg(),
    [
      0.9998595445433289, -0.4994540099088627, 0.2988558593069767, 1.985432454941933,
      -0.9982371084095283, 0.25254302571264853,
    ],
  ],
];

test.each(cases)("has optax' values: contrib.%s", (_, transform, expected) => {
  const run = eager(transform, {
    a: { shape: [2], data: [1, -0.5] },
    b: { shape: [2, 2], data: [0.3, 2, -1, 0.25] },
  });
  const { sin, cos } = Math;
  for (let t = 0; t < 6; t++)
    run.step({
      a: { shape: [2], data: [sin(1 + t), cos(2 * t)] },
      b: { shape: [2, 2], data: [sin(3 * t), 0.5, cos(t), -sin(5 + t)] },
    });
  expectClose([...run.params["a"]!.data, ...run.params["b"]!.data], expected, 1e-14);
});

test("refuse a first distance of 0, from which no step would be made", () => {
  expect(() => dog({ start: 0 })).toThrow("dog: expected a finite start > 0, got 0");
  expect(() => dowg({ start: 0 })).toThrow("dowg: expected a finite start > 0, got 0");
});
