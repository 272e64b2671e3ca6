import { expect, test } from "vitest";
import { readCifar } from "./index.js";

/** A record: labels, then each plane of one value plus the pixel's number, modulo 251. */
const record = (labels: readonly number[], ...planes: readonly number[]): number[] => [
  ...labels,
  ...planes.flatMap((first) => Array.from({ length: 1024 }, (_, i) => (first + i) % 251)),
];

test("puts the three planes of CIFAR-10 into pixels", () => {
  const { x, y, coarse } = readCifar(
    Uint8Array.from([...record([7], 0, 100, 200), ...record([0], 5, 6, 8)]),
  );
  expect(x.shape).toEqual([2, 32, 32, 3]);
  expect([...y.data]).toEqual([7, 0]);
  expect(coarse).toBeUndefined();
  expect([...x.data.slice(0, 6)]).toEqual([0, 100, 200, 1, 101, 201]);
  // Row 1, column 2 of the second image: pixel 34.
  expect([...x.data.slice((1024 + 34) * 3, (1024 + 34) * 3 + 3)]).toEqual([39, 40, 42]);
});

test("reads both labels of CIFAR-100", () => {
  const { y, coarse } = readCifar(Uint8Array.from(record([19, 99], 1, 2, 3)), { classes: 100 });
  expect([...y.data, ...coarse!.data]).toEqual([99, 19]);
});

test("refuses what is no such file", () => {
  expect(() => readCifar(new Uint8Array(3074))).toThrow(
    "readCifar: expected records of 3073 bytes, as CIFAR-10 has, got 3074 bytes",
  );
  expect(() => readCifar(new Uint8Array(0))).toThrow("got 0 bytes");
  expect(() => readCifar(Uint8Array.from(record([10], 1, 2, 3)))).toThrow(
    "readCifar: expected labels below 10, as CIFAR-10 has, got 10 at 0",
  );
});
