import { expect, test } from "vitest";
import { tensor } from "./ops/leaf.js";
import { isLeaf, leaves, mapLeaves } from "./tree.js";

const tree = { params: { "conv/kernel": tensor([1]), b: tensor([2]) }, n: tensor(3) };

test("leaves come with their paths, in order", () => {
  expect(leaves(tree).map(([path]) => path)).toEqual(["params/conv/kernel", "params/b", "n"]);
  expect(leaves(tensor(1)).map(([path]) => path)).toEqual([""]);
  expect(leaves({})).toEqual([]);
});

test("mapLeaves keeps the form and visits in the order of leaves", () => {
  const paths: string[] = [];
  expect(
    mapLeaves(tree, (x: { shape: readonly number[] }, path) => {
      paths.push(path);
      return { shape: [...x.shape, 9] };
    }),
  ).toEqual({
    params: { "conv/kernel": { shape: [1, 9] }, b: { shape: [1, 9] } },
    n: { shape: [9] },
  });
  expect(paths).toEqual(leaves(tree).map(([path]) => path));
});

test('"__proto__" is a name like any other', () => {
  const evil = JSON.parse('{"__proto__": {"shape": []}, "constructor": {"shape": [1]}}') as Record<
    string,
    { shape: number[] }
  >;
  const copy = mapLeaves(evil, (x: { shape: number[] }) => x);
  expect(Object.keys(copy)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});

test("an end is what has a shape", () => {
  expect([
    isLeaf(tensor(1)),
    isLeaf({ shape: [2] }),
    isLeaf({ shape: tensor(1) }),
    isLeaf({}),
    isLeaf(null),
  ]).toEqual([true, true, false, false, false]);
});
