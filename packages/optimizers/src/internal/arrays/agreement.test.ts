import type { Arithmetic, ByPath, Clock, Shape, Transform } from "@tenon/contracts";
import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adam,
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  madgrad,
  momentum,
  muon,
  onArrays,
  rmsprop,
  skipNonFinite,
  sm3,
} from "../../index.js";
import { eager } from "../testing/eager.js";
import { transformOf } from "../testing/transformOf.js";

const sines = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2);
const size = (shape: Shape): number => shape.reduce((n, length) => n * length, 1);

/** Steps of `onArrays`, and of the same operations one at a time, give the same values. */
function expectAgreement(transform: Transform, shapes: ByPath<Shape>, steps = 4): void {
  const start = Object.fromEntries(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      { shape, data: sines(size(shape), i) },
    ]),
  );
  const params = Object.fromEntries(
    Object.entries(start).map(([path, { shape, data }]) => [path, { shape, data: data.slice() }]),
  );
  const expected = eager(transform, start);
  const optimizer = onArrays(transform, params);
  for (let step = 0; step < steps; step++) {
    const gradients = Object.fromEntries(
      Object.entries(shapes).map(([path, shape], i) => [
        path,
        { shape, data: sines(size(shape), 10 + step * 7 + i) },
      ]),
    );
    expected.step(gradients);
    optimizer.step(gradients);
    for (const path of Object.keys(shapes))
      expectClose(
        params[path]!.data,
        expected.params[path]!.data,
        1e-12,
        `${path} after step ${step}`,
      );
  }
  const { slots } = optimizer.state();
  expect(Object.keys(slots)).toEqual(Object.keys(expected.slots));
  for (const [slot, byPath] of Object.entries(slots))
    for (const [path, { data }] of Object.entries(byPath))
      expectClose(data, expected.slots[slot]![path]!.data, 1e-12, `${slot} of ${path}`);
}

describe("a traced step computes what its operations compute one by one", () => {
  test.each([[0], [1], [511], [512], [513], [1500]])("%i elements", (length) => {
    expectAgreement(chain(clipByGlobalNorm(0.5), adam()), { w: [length], b: [3] });
  });

  test("parameters without axes, and of one element", () => {
    expectAgreement(
      chain(
        clipByGlobalNorm(1),
        addDecayedWeights(0.1),
        momentum({ nesterov: true, learningRate: (step) => 1 / (step + 1) }),
      ),
      { scalar: [], single: [1], matrix: [1, 1] },
    );
  });

  test("norms of norms: three stages", () => {
    expectAgreement(
      chain(
        clipByGlobalNorm(1),
        clipByNorm(0.3),
        clipByGlobalNorm(0.2),
        rmsprop({ centered: true, momentum: 0.5 }),
      ),
      { a: [4, 150], b: [600] },
    );
  });

  test("slots that are exchanged", () => {
    expectAgreement(
      transformOf(["p", "q"], ({ g, w, p, q }) => ({ g: g!.add(p!), p: q!, q: p!, w: w! })),
      { w: [700] },
    );
    expectAgreement(
      transformOf(["p", "q"], ({ g, p, q }) => ({ g: q!, p: g!, q: p!.add(g!) })),
      { w: [700] },
    );
    expectAgreement(
      transformOf(["p", "q"], ({ g, p, q }) => ({
        g: g!.add(p!.mul(2)),
        p: p!.add(q!),
        q: p!.add(q!),
      })),
      { w: [700] },
    );
  });

  test("nodes that are stored and used again, which no instruction may fuse", () => {
    expectAgreement(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const doubled = g!.mul(2);
        const squared = p!.square();
        const root = squared.mul(0.5).add(0.1).sqrt();
        return { g: q!.add(doubled), p: doubled, q: root.add(1).div(root) };
      }),
      { w: [700] },
    );
    expectAgreement(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const scaled = g!.mul(3);
        const root = q!.square().sqrt();
        const sum = root.add(0.5);
        return { g: p!.add(scaled.div(sum).mul(0.1)), p: root, q: scaled };
      }),
      { w: [700] },
    );
    expectAgreement(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const square = g!.square();
        const ratio = p!.div(q!.square().sqrt().add(0.5));
        return {
          g: g!.add(ratio.mul(2)),
          p: p!.mul(0.5).add(square.mul(0.5)),
          q: square.add(ratio),
        };
      }),
      { w: [700] },
    );
  });

  // Every operation on the values so far, with operands that are shared, repeated and summed.
  test("random rules on random shapes", () => {
    const operation = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.nat(1000), fc.nat(1000));
    const shape = fc.constantFrom<Shape>(
      [],
      [1],
      [5],
      [2, 3],
      [1, 4],
      [3, 1, 2],
      [600],
      [0],
      [2, 300],
    );
    fc.assert(
      fc.property(
        fc.array(operation, { minLength: 1, maxLength: 14 }),
        fc.record({ a: shape, b: shape }),
        (program, shapes) => expectAgreement(randomRule(program), shapes, 3),
      ),
      { numRuns: 300 },
    );
  });
});

describe("functions of whole arrays", () => {
  const shapes = { w: [3, 4], u: [5, 2], b: [6], s: [] };
  test.each<[string, Transform]>([
    ["products and transposes", muon({ learningRate: 0.1 })],
    ["maxima", sm3({ learningRate: 0.1 })],
    ["powers", madgrad({ learningRate: 0.1 })],
    ["choices", skipNonFinite(adam(), { most: 1 })],
    ["a maximum of everything", chain(clipByGlobalNorm(0.1, { order: Infinity }), momentum())],
    ["a power of a sum", chain(clipByNorm(0.1, { order: 3 }), momentum())],
  ])("%s", (_, transform) => expectAgreement(transform, shapes));

  test("any of them, in any order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.nat(9)), { minLength: 3 }),
        (program) => {
          const transform = transformOf(["p", "q"], ({ w, g, p, q }) => {
            const values = [w!, g!, p!, q!];
            for (const [operation, i, j] of program) {
              const [x, y] = [values[i % values.length]!, values[j % values.length]!];
              values.push(wholeOperations(x, y)[operation]!().mul(0.5));
            }
            const [nextP, nextQ, update] = values.slice(-3);
            return { g: update!, p: nextP!, q: nextQ! };
          });
          expectAgreement(transform, { w: [3, 3] }, 2);
        },
      ),
    );
  });
});

function wholeOperations<T extends Arithmetic<T>>(x: T, y: T): (() => T)[] {
  return [
    () => x.add(y),
    () => x.matmul!(y).mul(0.1),
    () => x.transpose!(),
    () => y.mul(0).add(x.max!([0], true)),
    () => x.where!(x.sign().equal!(y.sign()), y),
    () => x.abs().add(1).pow!(0.7).mul(y.sum().sign()),
  ];
}

/** A rule that applies operations, by index, to two earlier values each. */
function randomRule(program: readonly (readonly [number, number, number])[]): Transform {
  return transformOf(
    ["p", "q"],
    <T extends Arithmetic<T>>({ w, g, p, q }: Readonly<Record<string, T>>, clock: Clock<T>) => {
      const values = [w!, g!, p!, q!, clock.value((step) => step + 0.5), clock.value(0.7)];
      for (const [operation, i, j] of program) {
        const [x, y] = [values[i % values.length]!, values[j % values.length]!];
        values.push(operations(x, y)[operation]!().mul(0.5));
      }
      // The last three values, in the shape of the parameter.
      const [nextP, nextQ, update] = values.slice(-3).map((value) => {
        const fits = value.shape.length === w!.shape.length;
        return w!.mul(0).add(fits ? value : value.sum().mul(0.1));
      });
      return { g: update!, p: nextP!, q: nextQ! };
    },
  );
}

function operations<T extends Arithmetic<T>>(x: T, y: T): (() => T)[] {
  return [
    () => x.add(y),
    () => x.sub(y),
    () => x.mul(y),
    () => x.div(y.square().add(0.5)),
    () => x.maximum(y),
    () => x.minimum(y),
    () => x.neg(),
    () => x.abs(),
    () => x.sign(),
    () => x.square().add(1).sqrt(),
    () => x.sum().mul(0.01),
    () => x.sum(x.shape.length > 0 ? [-1] : [], true),
    () => x.mul(0.9).add(y.mul(0.1)),
    () => x.mul(0.9).add(y.square().mul(0.1)),
    () => x.mul(0.3).div(y.square().mul(0.5).add(0.1).sqrt().add(1e-3)).mul(0.2),
    () => x.add(y.square().sqrt().add(1)),
  ];
}
