import { expectClose } from "@tenon/testkit";
import { test } from "vitest";
import * as o from "../../index.js";
import { eager } from "../testing/eager.js";
import { rules } from "./compiledRules.js";

const sines = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2);

test.each(Object.entries(rules))(
  "%s: a compiled loop computes what its operations compute one by one",
  (_, rule) => {
    for (const length of [0, 1, 3, 4, 5, 8, 1023]) {
      const w = sines(length, 1);
      const start = { w: { shape: [length], data: w.slice() } };
      const plainly = eager(rule, start);
      const optimizer = o.onArrays(rule, { w });
      for (let step = 0; step < 7; step++) {
        // radam divides only after five steps
        const gradient = { shape: [length], data: sines(length, 10 + step) };
        plainly.step({ w: gradient });
        optimizer.step({ w: gradient });
        expectClose(w, plainly.params["w"]!.data, 1e-12, `w of ${length} after step ${step}`);
      }
      const { slots } = optimizer.state();
      for (const [slot, byPath] of Object.entries(slots))
        expectClose(byPath["w"]!.data, plainly.slots[slot]!["w"]!.data, 1e-12, slot);
    }
  },
);
