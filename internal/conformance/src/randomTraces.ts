import { full, sizeOf, slice, type Tensor, where } from "@tenon/tensor";
import fc from "fast-check";
import { test } from "vitest";
import { array, type Conformance } from "./agree.js";

const shapes = [[], [1], [5], [3, 5], [3, 1], [2, 3, 5], [0, 5]] as const;

/** Random traces: each new value is computed from those before it. */
export function randomTraces({ agree }: Conformance): void {
  test("random traces agree", async () => {
    const choice = fc.record({ op: fc.nat(15), a: fc.nat(100), b: fc.nat(100) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(shapes.length - 1), { minLength: 1, maxLength: 3 }),
        fc.array(choice, { minLength: 1, maxLength: 25 }),
        async (first, choices) => {
          const inputs = Object.fromEntries(
            first.map((s, i) => [`x${i}`, array([...shapes[s]!], (k) => Math.sin(k + i) * 1.5)]),
          );
          await agree(
            inputs,
            (x) => {
              const values: Tensor[] = Object.values(x);
              for (const { op, a, b } of choices) {
                const [p, q] = [values[a % values.length]!, values[b % values.length]!];
                const binary = (f: (p: Tensor, q: Tensor) => Tensor): Tensor => {
                  try {
                    return f(p, q);
                  } catch {
                    return f(p, p);
                  }
                };
                values.push(
                  [
                    () => binary((s, t) => s.add(t)),
                    () => binary((s, t) => s.sub(t)),
                    () => binary((s, t) => s.mul(t)),
                    () => binary((s, t) => s.maximum(t)),
                    () => p.tanh(),
                    () => p.sigmoid(),
                    () => p.neg(),
                    () => p.relu(),
                    () => p.sum(),
                    () => (p.shape.length > 0 ? p.sum(0) : p),
                    () => (p.shape.length > 0 ? p.mean(-1, true) : p),
                    () => p.transpose(),
                    () =>
                      p.reshape(
                        [
                          -1,
                          ...(p.shape.length > 0 && sizeOf(p.shape) > 0 ? [p.shape[0]!] : []),
                        ].slice(0, sizeOf(p.shape) > 0 ? 2 : 1),
                      ),
                    // no jumps: a rounding error would become a large one
                    () => binary((s, t) => where(s.greater(t), s, t)),
                    () => (p.shape.length > 0 ? slice(p, [1]) : p.add(1)),
                    () => p.tanh().mul(full([], 0.5)).add(p.abs()),
                  ][op]!(),
                );
                const last = values[values.length - 1]!;
                if (last.dtype !== "float32") values[values.length - 1] = last.cast("float32");
              }
              return Object.fromEntries(values.slice(-4).map((y, i) => [`y${i}`, y]));
            },
            1e-5,
            0.1,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
}
