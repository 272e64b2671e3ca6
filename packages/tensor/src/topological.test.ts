import { expect, test } from "vitest";
import { tensor } from "./ops/leaf.js";
import { topological } from "./topological.js";

test("inputs come before what is made of them, each once", () => {
  const a = tensor(1);
  const b = tensor(2);
  const c = a.add(b);
  const d = c.mul(a);
  const e = c.sub(d);
  const order = topological([e, c]);
  expect(new Set(order).size).toBe(order.length);
  expect(new Set(order)).toEqual(new Set([a, b, c, d, e]));
  for (const node of order)
    for (const from of node.inputs) expect(order.indexOf(from)).toBeLessThan(order.indexOf(node));
});

test("computed nodes are left out, with nodes that only they depend on", () => {
  const a = tensor(1);
  const b = tensor(2);
  const c = a.add(b);
  const d = c.mul(a);
  expect(topological([d], (node) => node === c)).toEqual([a, d]);
});

test("a graph whose branches meet again and again is walked once", () => {
  let x = tensor(1);
  for (let i = 0; i < 60; i++) x = x.add(x);
  expect(topological([x]).length).toBe(61);
  expect(x.item()).toBe(2 ** 60);
});
