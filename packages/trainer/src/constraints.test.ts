import type { NDArray, Transform } from "@tenon/contracts";
import { dense } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { applyUpdates, chain, masked, onArrays, sgd } from "@tenon/optimizers";
import { bounded, ema, maxNorm, minMaxNorm, unitNorm } from "@tenon/regularizers";
import { reference, tensor, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { trainingStep, type TrainingState } from "./trainingStep.js";

type Host = (transform: Transform, start: readonly number[]) => Promise<readonly number[]>;
const scalar = { shape: [], dtype: "int32" } as const;
const slotsOf = (transform: Transform): object =>
  Object.fromEntries(
    Object.entries(transform.slots({ kernel: [2, 1] })).map(([slot, byPath]) => [
      slot,
      Object.fromEntries(
        Object.keys(byPath).map((path) => [path, { shape: [2, 1], data: [0, 0] }]),
      ),
    ]),
  );
const step =
  (name: string): Host =>
  async (optimizer, start) => {
    const engine = name === "wasm" ? await wasm() : reference();
    const program = engine.compile(
      trainingStep(dense(1, { useBias: false }), { loss: mse, optimizer }),
      {
        params: { kernel: { shape: [2, 1], dtype: "float32", data: Float32Array.from(start) } },
        stats: {},
        slots: slotsOf(optimizer),
      } as TrainingState,
      { x: { shape: [1, 2] }, y: { shape: [1, 1] }, step: scalar, seed: scalar },
    );
    program.step({ x: [0, 0], y: [0], step: 0, seed: 1 });
    return [...program.state().params["kernel"]!.data];
  };
const applied: Host = async (transform, start) => {
  const begin = {
    w: { shape: [2, 1], dtype: "float32" as const, data: Float32Array.from(start) },
    slots: slotsOf(transform),
  };
  const program = reference().compile(
    (({ w, slots }: { w: Tensor; slots: object }) => {
      const { updates } = transform.update<Tensor>(
        { updates: { kernel: w.mul(0) }, params: { kernel: w }, slots: slots as never },
        { value: (of) => tensor(typeof of === "number" ? of : of(0)) },
      );
      return {
        state: { w: applyUpdates<Tensor>({ kernel: w }, updates)["kernel"]!, slots },
        outputs: {},
      };
    }) as never,
    begin as never,
    {},
  );
  program.step({});
  return [...(program.state() as unknown as { w: NDArray }).w.data];
};
const arrays: Host = async (transform, start) => {
  const data = Float32Array.from(start);
  onArrays(transform, { kernel: { shape: [2, 1], data } }).step({
    kernel: { shape: [2, 1], data: new Float32Array(2) },
  });
  return [...data];
};
const hosts: [string, Host][] = [
  ["reference", step("reference")],
  ["wasm", step("wasm")],
  ["applyUpdates", applied],
  ["onArrays", arrays],
];
const still = sgd({ learningRate: 0 });

test.each(hosts)(
  "a constraint is met to 3e-7 of itself from however far, on %s",
  async (_, after) => {
    const reaches = async (
      constraint: Transform,
      start: readonly number[],
      right: readonly number[],
    ): Promise<void> => {
      const got = await after(chain(still, constraint), start);
      got.forEach((x, i) =>
        expect(
          Math.abs(x / right[i]! - 1),
          `${constraint.name} from ${start}: expected ${right}, got ${got}`,
        ).toBeLessThan(3e-7),
      );
    };
    for (const k of [1, 1e3, 1e6, 1e8, 1e30, 5e37]) {
      await reaches(maxNorm({ max: 2 }), [3 * k, 4 * k], [1.2, 1.6]);
      await reaches(maxNorm({ max: 2, eps: 1e-7 }), [3 * k, 4 * k], [1.2, 1.6]);
      await reaches(unitNorm(), [3 * k, 4 * k], [0.6, 0.8]);
      await reaches(unitNorm({ norm: 3e38, eps: 0 }), [3 * k, 4 * k], [1.8e38, 2.4e38]);
      await reaches(minMaxNorm({ min: 0.5, max: 1 }), [3 * k, 4 * k], [0.6, 0.8]);
      await reaches(minMaxNorm({ max: 2.5 * k, rate: 0.25 }), [3 * k, 4 * k], [2.625 * k, 3.5 * k]);
      await reaches(bounded({ low: -0.1, high: 0.1 }), [3 * k, -4 * k], [0.1, -0.1]);
      // Another constraint, an average and what sees only some of it look at what the first made.
      await reaches(
        chain(maxNorm({ max: 2 }), minMaxNorm({ max: 3, eps: 0 })),
        [3 * k, 4 * k],
        [1.2, 1.6],
      );
      await reaches(
        chain(maxNorm({ max: 2 }), ema({ overwriteEvery: 1 })),
        [3 * k, 4 * k],
        [1.2, 1.6],
      );
      await reaches(
        masked(maxNorm({ max: 2 }), () => true),
        [3 * k, 4 * k],
        [1.2, 1.6],
      );
    }
    await reaches(maxNorm({ max: 1e30 }), [3e30, 4e30], [6e29, 8e29]);
    await reaches(maxNorm({ max: 1e-5 }), [1.5e38, 2e38], [6e-6, 8e-6]);
    await reaches(maxNorm({ max: 1e-30 }), [3e-20, 4e-20], [6e-31, 8e-31]);
    await reaches(
      minMaxNorm({ min: 1e20, max: 1e30 }),
      [3e-3, 4e-3],
      [6e19, 8e19].map((x) => x / (1 + 1e-7 / 5e-3)),
    );
    expect(await after(chain(still, maxNorm({ max: 3 })), [0.3, 0.7])).toEqual(
      [0.3, 0.7].map(Math.fround),
    );
    expect(await after(chain(still, maxNorm()), [0, 0])).toEqual([0, 0]);
  },
);
