import type { ByPath, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import { source } from "./internal/source.js";
import { throughJson } from "./internal/throughJson.js";
import { plain, plainClock, type Plain } from "./plain.js";

/**
 * What every Transform promises: state by name, an update for every parameter, and nothing changed
 * that it was given.
 */
export function transformSuite(
  title: string,
  transform: Transform,
  shapes: ByPath<Shape> = {
    "conv1/kernel": [3, 3, 2, 4],
    "conv1/bias": [4],
    "dense/kernel": [5, 3],
    scale: [],
  },
): void {
  const paths = Object.keys(shapes);
  const size = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
  const draw = (seed: number, names = paths): ByPath<Plain> =>
    fromPaths(names, (path) => {
      const rng = source(seed + 97 * paths.indexOf(path));
      return plain(
        Array.from({ length: size(shapes[path]!) }, () => 2 * rng() - 1),
        shapes[path]!,
      );
    });
  const start = (specs: ByPath<ByPath<SlotSpec>>, params: ByPath<Plain>): ByPath<ByPath<Plain>> =>
    fromPaths(Object.keys(specs), (slot) =>
      fromPaths(Object.keys(specs[slot]!), (path) => {
        const { shape, start } = specs[slot]![path]!;
        return start === "parameter"
          ? params[path]!
          : plain(new Float64Array(size(shape)).fill(start), shape);
      }),
    );
  /**
   * The flow after some steps, with the updates added to the parameters, as an optimizer does.
   */
  const walk = (steps: number, names = paths): Flow<Plain>[] => {
    let params = draw(1, names);
    let slots = start(transform.slots(fromPaths(names, (path) => shapes[path]!)), params);
    return Array.from({ length: steps }, (_, step) => {
      const out = transform.update<Plain>(
        { updates: draw(100 + step, names), params, slots },
        plainClock(step),
      );
      slots = out.slots;
      params = fromPaths(names, (path) => params[path]!.add(out.updates[path]!.mul(0.1)));
      return out;
    });
  };
  const valuesOf = (flows: readonly Flow<Plain>[]): unknown =>
    flows.map(({ updates, slots }) => [
      sorted(updates, ({ data }) => [...data]),
      sorted(slots, (slot) => sorted(slot, ({ data }) => [...data])),
    ]);

  describe(`transform ${title}`, () => {
    test("has a name, and names each slot under it, by the parameters' paths", () => {
      expect(transform.name).toMatch(/^\S+$/);
      const specs = transform.slots(shapes);
      throughJson(specs);
      for (const [slot, byPath] of Object.entries(specs)) {
        expect(slot).toMatch(/^[^/\s]+(\/[^/\s]+)+$/);
        for (const [path, { shape, start }] of Object.entries(byPath)) {
          expect(paths, `the paths of ${slot}`).toContain(path);
          expect(
            shape.every((n) => Number.isInteger(n) && n >= 0),
            `the shape of ${slot}, ${path}`,
          ).toBe(true);
          if (start === "parameter") expect(shape).toEqual(shapes[path]);
          else expect(Number.isFinite(start)).toBe(true);
        }
      }
      expect(transform.slots(shapes)).toEqual(specs);
    });

    test("gives every parameter a finite update of its shape, and keeps its slots", () => {
      const specs = transform.slots(shapes);
      for (const { updates, slots } of walk(4)) {
        expect(Object.keys(updates).sort()).toEqual([...paths].sort());
        for (const path of paths) {
          expect([...updates[path]!.shape], path).toEqual([...shapes[path]!]);
          expect(updates[path]!.data.every(Number.isFinite), path).toBe(true);
        }
        expect(sorted(slots, (slot) => sorted(slot, ({ shape }) => [...shape]))).toEqual(
          sorted(specs, (slot) => sorted(slot, ({ shape }) => [...shape])),
        );
      }
    });

    test("is pure: the same flow gives the same, and nothing it was given changes", () => {
      expect(valuesOf(walk(4))).toEqual(valuesOf(walk(4)));
      const params = draw(1);
      const updates = draw(2);
      const slots = start(transform.slots(shapes), params);
      const before = valuesOf([
        { updates, params, slots },
        { updates: params, params, slots },
      ]);
      transform.update<Plain>({ updates, params, slots }, plainClock(0));
      expect(
        valuesOf([
          { updates, params, slots },
          { updates: params, params, slots },
        ]),
      ).toEqual(before);
    });

    test("parameters are identified by name, not by position", () => {
      const [forwards, backwards] = [walk(3), walk(3, [...paths].reverse())].map((flows) =>
        flows.map(({ updates }) => updates),
      );
      for (const [step, updates] of forwards!.entries())
        for (const path of paths)
          close(backwards![step]![path]!, updates[path]!, `step ${step}, ${path}`);
    });

    test("passes on the slots of other transforms", () => {
      const params = draw(1);
      const other = { "other/slot": { scale: plain([3], []) } };
      const out = transform.update<Plain>(
        {
          updates: draw(2),
          params,
          slots: { ...start(transform.slots(shapes), params), ...other },
        },
        plainClock(0),
      );
      expect([...out.slots["other/slot"]!["scale"]!.data]).toEqual([3]);
    });
  });
}

/** Sums over parameters may run in another order: equal up to rounding. */
function close(actual: Plain, expected: Plain, label: string): void {
  for (const [i, e] of expected.data.entries())
    expect(Math.abs(actual.data[i]! - e), label).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(e)),
    );
}

function fromPaths<V>(paths: readonly string[], value: (path: string) => V): ByPath<V> {
  return Object.fromEntries(paths.map((path) => [path, value(path)]));
}

function sorted<V, W>(byPath: ByPath<V>, value: (entry: V) => W): ByPath<W> {
  return fromPaths(Object.keys(byPath).sort(), (path) => value(byPath[path]!));
}
