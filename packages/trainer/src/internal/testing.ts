import type { Digest, NDArray, Transform } from "@tenon/contracts";
import { dataset, type InMemoryDataset } from "@tenon/data";
import { dense, dropout, relu, sequential } from "@tenon/layers";
import { hashString, random, uniform } from "@tenon/random";
import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";

/** Points in a square; the class is the quadrant. */
export function quadrants(n: number, seed = 1): InMemoryDataset {
  const rng = random(seed);
  const x = Float32Array.from({ length: 2 * n }, () => uniform(rng, -1, 1));
  const y = Int32Array.from(
    { length: n },
    (_, i) => (x[2 * i]! > 0 ? 1 : 0) + (x[2 * i + 1]! > 0 ? 2 : 0),
  );
  return dataset({
    x: { shape: [n, 2], dtype: "float32", data: x },
    y: { shape: [n], dtype: "int32", data: y },
  });
}

/** A small network with something random in it. */
export function network(rate = 0.1): Layer<Tensor> {
  return sequential(dense(24), relu(), dropout(rate), dense(4));
}

/** Gradient descent with momentum, written for the tests alone: u ← μu + g, w ← w − ηu. */
export function descent(rate: number, momentum = 0.9): Transform {
  return {
    name: "descent",
    slots: (shapes) => ({
      "descent/u": Object.fromEntries(
        Object.entries(shapes).map(([path, shape]) => [path, { shape, start: 0 }]),
      ),
    }),
    update(flow, clock) {
      const eta = clock.value((step) => -rate / (1 + step / 100));
      const u = Object.fromEntries(
        Object.entries(flow.updates).map(([path, g]) => [
          path,
          flow.slots["descent/u"]![path]!.mul(momentum).add(g),
        ]),
      );
      return {
        ...flow,
        slots: { "descent/u": u },
        updates: Object.fromEntries(Object.entries(u).map(([path, v]) => [path, v.mul(eta)])),
      };
    },
  };
}

/** A digest for tests, of 32 bits. */
export const digest: Digest = async (batches) => {
  const values = [...batches].map(({ x, y, weights }) =>
    [x, y, weights].map((array) => array && [array.shape, [...array.data]]),
  );
  return (hashString(JSON.stringify(values)) >>> 0).toString(16);
};

/** The bits of some arrays, for comparison. */
export function bits(arrays: Readonly<Record<string, NDArray>>): string {
  return Object.entries(arrays)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([path, { data }]) =>
        `${path} ${[...new Uint32Array(Float32Array.from(data).buffer)].join()}`,
    )
    .join("\n");
}
