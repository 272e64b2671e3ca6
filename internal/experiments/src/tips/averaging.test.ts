import type { EndEvent } from "@tenon/trainer";
import { reference } from "@tenon/tensor";
import { expect, test } from "vitest";
import { startValues } from "../controls.js";
import { mlp } from "../mlp.js";
import { endingOf, startRun } from "../runs.js";
import { mnistDigits } from "../testing.js";
import { weightsDigest } from "../weightsDigest.js";
import { averagingTip } from "./averaging.js";

const digits = mnistDigits();
const given = {
  ...{ digits, seed: 1, engine: reference() },
  size: { train: 96, validation: 64, epochs: 2, batchSize: 32, seeds: 1 },
};
const arms = averagingTip.arms({ ...startValues(averagingTip), members: 2 });
const ended = async (arm: string) => {
  let end: EndEvent | undefined;
  for await (const event of startRun(averagingTip, arms[arm]!, given).events)
    if (event.type === "end") end = event;
  return { end: end!, ...(await endingOf(averagingTip, arms[arm]!, given, end!)) };
};

test("an arm ends with the weights of its own network, averaged where they are", async () => {
  const { params: expected } = mlp({ depth: 2, width: 64, activation: "relu" }).plan([28, 28, 1]);
  const all = await Promise.all(["single", "ema", "swa"].map(ended));
  for (const { params, stats } of all) {
    expect(Object.keys(params)).toEqual(Object.keys(expected));
    for (const [path, { shape }] of Object.entries(params))
      expect(shape).toEqual(expected[path]!.shape);
    expect(stats).toEqual({});
  }
  const [single, ...averages] = all;
  expect(single!.params["dense1/kernel"]).toEqual(single!.end.params["member1/dense1/kernel"]);
  for (const { params, end } of averages)
    expect(params["dense1/kernel"]).toEqual(end.stats["average/member1/dense1/kernel"]);
  expect(new Set(all.map(({ params }) => weightsDigest(params))).size).toBe(3);
});

test("the ensemble ends with what its members say of the digits of which it is least sure", async () => {
  const { records, end, params } = await ended("ensemble");
  expect(params).toBe(end.params);
  const seen = records["digits"] as { members: number[]; average: number }[];
  expect(seen).toHaveLength(20);
  for (const { members, average } of seen)
    expect((members[0]! + members[1]!) / 2).toBeCloseTo(average, 6);
});
