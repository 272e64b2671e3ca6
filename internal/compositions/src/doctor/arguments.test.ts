import type { NDArray } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import * as doctor from "@tenon/doctor";
import { dense, sequential } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit, statistics } from "@tenon/trainer";
import { everyExport, wrongArguments, wrongOptions } from "@tenon/testkit";
import { reference } from "@tenon/tensor";
import { test } from "vitest";

// Every function of the doctor with something wrong in each of its places: a sentence that names
// it.

type Of = (...args: readonly unknown[]) => unknown;
const all = doctor as unknown as Readonly<Record<string, Of>>;
const array = (n: number): NDArray => ({
  shape: [n, 2],
  dtype: "float32",
  data: Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i)),
});
const data = dataset({ x: array(4), y: array(4) });
const model = sequential(dense(2));
const record = doctor.newRecord();
const event: doctor.RunEvent = { type: "step", step: 0, loss: 1 };
const overflow: doctor.RunEvent = { type: "nonFinite", step: 1, loss: NaN, where: "loss" };
const finding = doctor.examine(doctor.addEvent(record, overflow))[0]!;
const given = { model, train: data, loss: mse, optimizer: sgd(), engine: reference() };
const check = { fit, statistics, ...given, steps: 1 };

/** The arguments of a right call. */
const right: Readonly<Record<string, readonly unknown[]>> = {
  addEvent: [record, event],
  checkSetup: [check],
  decaysOf: [{ shapes: { kernel: [2, 2] } }],
  describe: [finding, "en"],
  examine: [record],
  kernelsIn: [record, { params: {} }],
  measure: [data, {}],
  newRecord: [{}],
  overfitOneBatch: [check],
  setupOf: [model, { input: [2] }],
  startWatch: [{}],
  watch: [doctor.startWatch(), event],
};

everyExport(doctor, Object.keys(right), {
  besides: ["rules", "texts"],
  add: "add a right call to internal/compositions/src/doctor/arguments.test.ts",
});

test.each(Object.entries(right))("%s refuses what makes no sense, by name", (name, args) =>
  wrongArguments(name, all[name]!, args),
);

test.each(Object.entries(right))("%s says in an error about an option which one", (name, args) => {
  const called = ["fit", "statistics", "loss"];
  const last = args[args.length - 1] as object;
  return wrongOptions(name, (more) => all[name]!(...args.slice(0, -1), more), last, called);
});
